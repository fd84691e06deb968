"""The stage of a journey: what ``make run`` starts, on free ports, in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from examples.addresses import Ports
from examples.furnish import PEOPLE
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
MINH_ANH = json.loads(PEOPLE.read_text("utf-8"))[0]


def sign_in(page: Page) -> None:
    """Minh Anh, by her number and password."""
    page.fill("input[name=identifier]", MINH_ANH["identifier"])
    page.fill("input[name=password]", MINH_ANH["password"])
    page.click("button[name=action][value=password]")


@dataclass(frozen=True, slots=True)
class Stage:
    ports: Ports

    def url(self, name: str, path: str = "/") -> str:
        return self.ports.url(name) + path


@contextmanager
def open_stage(folder: Path) -> Iterator[Stage]:
    ports = Ports(*(free_port() for _ in Ports._fields))
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("MOTCUA_")}
    environment = {"DEMO_PORTS": ",".join(map(str, ports)), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "examples.run"],
        cwd=folder,
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            until_ready(process)
            yield Stage(ports)
        finally:
            process.terminate()


def until_ready(process: "subprocess.Popen[str]") -> None:
    said = ""
    for line in process.stdout or ():
        said += line
        if line.startswith("ready"):
            return
    raise AssertionError(said)
