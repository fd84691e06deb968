"""The provider over TLS, as ``make conformance`` starts it, and how its clients are made."""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from httpx2 import Client
from typer.testing import CliRunner

from examples.conformance.addresses import Ports
from examples.conformance.furnish import furnish
from examples.furnish import PEOPLE
from idp.cli.commands import command_line
from tests.examples.person import Page, Person
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
MINH_ANH = json.loads(PEOPLE.read_text("utf-8"))[0]
NAME = "Nguyễn Minh Anh"


@dataclass(frozen=True, slots=True)
class Stage:
    """``printed``: what the program says once it is ready. ``env``: for who asks the provider."""

    printed: dict[str, Any]
    env: dict[str, str]

    @property
    def issuer(self) -> str:
        return self.env["MOTCUA_ISSUER"]

    @property
    def certificate(self) -> str:
        return str(self.printed["certificate"])

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificate)

    def http(self) -> Client:
        return Client(verify=self.trust(), trust_env=False, timeout=30)

    def person(self, home: str | None = None) -> Person:
        return Person(home=home, verify=self.trust())

    def motcua(self, *words: str) -> Any:
        """A command, without a process of its own, and what it answers as JSON."""
        done = CliRunner().invoke(command_line, [*words, "--json"], env=self.env)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@contextmanager
def open_stage(folder: Path) -> Iterator[Stage]:
    ports = Ports(*(free_port() for _ in Ports._fields))
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("MOTCUA_")}
    said = {"CONFORMANCE_PORTS": ",".join(map(str, ports)), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "examples.conformance"],
        cwd=folder,
        env={**inherited, **said},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            printed = document(process)
            yield Stage(printed, furnish(folder / "data/conformance", ports).environment())
        finally:
            process.terminate()


def document(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The first one that it prints."""
    said = ""
    for line in process.stdout or ():
        said += line
        if line == "}\n":
            return dict(json.loads(said))
    raise AssertionError(said)


def through(person: Person, page: Page) -> Page:
    """Sign in, and share, as far as that is asked."""
    if page.place[1] == "/sign-in":
        typed = {name: MINH_ANH[name] for name in ("identifier", "password")}
        page = person.press(page, ("action", "password"), typed)
    if page.place[1] == "/decide":
        page = person.press(page, ("decision", "share"))
    return page
