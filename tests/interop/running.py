"""Programs of others, each on a port of its own, until the test has done with them."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from house.node import NODE, install
from tests.interop.stage import ROOT, Stage
from tests.servers import wait_for

PACKAGES = ROOT / "tests/interop/node"


@contextmanager
def running(
    command: Sequence[str], port: int, folder: Path, env: Mapping[str, str], **who: Any
) -> Iterator[None]:
    """``who``: whom it runs as. What it logs is in what fails."""
    with (folder / "said.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(env), stdout=log, stderr=log, **who
        )
    try:
        wait_for(port)
        yield
    except BaseException as error:
        for said in folder.glob("*.log"):
            error.add_note(said.read_text("utf-8", errors="replace"))
        raise
    finally:
        process.terminate()
        process.wait(timeout=20)


def trusting(stage: Stage, **more: str) -> dict[str, str]:
    """An environment in which the provider's certificate is believed, by Python and Node.js."""
    said = {"SSL_CERT_FILE": stage.certificate, "NODE_EXTRA_CA_CERTS": stage.certificate}
    return {"PATH": "/usr/bin:/bin", **said, **more}


def node(folder: Path, *words: str) -> list[str]:
    """A command for Node.js with the packages beside the program."""
    install(PACKAGES)
    here = folder / "node_modules"
    if not here.exists():
        here.symlink_to(PACKAGES / "node_modules")
    return [NODE, *words]


def python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]
