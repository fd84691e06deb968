"""Motcua as anybody would run it: embedded, every commit durable, one worker, a real register."""

import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from string import Template
from types import MappingProxyType

from httpx2 import Client

from bench.processes import LOAD_CORE, free_port, running, wait_for
from bench.side import Side

HERE = Path(__file__).parent
ROOT = HERE.parent
MOTCUA = str(Path(sys.executable).with_name("motcua"))
PERSON = json.loads((ROOT / "examples" / "people.json").read_text("utf-8"))[0]
ANSWERS = {
    "identifier": PERSON["identifier"],
    "password": PERSON["password"],
    "action": "password",
    "decision": "share",
}


def settings(folder: Path) -> dict[str, str]:
    return {
        "MOTCUA_DEMONSTRATION": "true",
        "MOTCUA_PORT": (port := str(free_port())),
        "MOTCUA_ISSUER": f"http://localhost:{port}",
        "MOTCUA_METRICS_PORT": str(free_port()),
        "MOTCUA_DATA": str(folder),
        "MOTCUA_KEY_ENCRYPTION_KEY_FILE": str(folder / "key-encryption-key"),
        "MOTCUA_REGISTERS__POPULATION__URL": f"http://localhost:{free_port()}",
        "MOTCUA_REGISTERS__POPULATION__PAIRING_KEY": secrets.token_urlsafe(32),
    }


def register(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        "REGISTER_ISSUER": environment["MOTCUA_ISSUER"],
        "REGISTER_PAIRING_KEY": environment["MOTCUA_REGISTERS__POPULATION__PAIRING_KEY"],
        "REGISTER_PORT": environment["MOTCUA_REGISTERS__POPULATION__URL"].rpartition(":")[2],
    }


def prepare(folder: Path, environment: Mapping[str, str], secret: str) -> None:
    """The schema, the agency's clients and one person, by the command line."""
    agencies, people = folder / "agencies.toml", folder / "people.json"
    template = Template((HERE / "agencies.toml").read_text("utf-8"))
    digest = hashlib.sha256(secret.encode()).hexdigest()
    agencies.write_text(template.substitute(SECRET_DIGEST=digest), "utf-8")
    people.write_text(json.dumps([PERSON]), "utf-8")
    for arguments in (
        ["migrate"],
        ["clients", "apply", str(agencies)],
        ["accounts", "add", "--from", str(people)],
    ):
        subprocess.run(
            [MOTCUA, *arguments],
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def motcua_side(
    folder: Path, http: Client, secret: str, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Side]:
    """``more``: settings besides the usual ones."""
    environment, log = {**settings(folder), **more}, folder / "motcua.log"
    address = environment["MOTCUA_ISSUER"]
    prepare(folder, environment, secret)
    with ExitStack() as programs:
        helper = [sys.executable, "-m", "examples.registers"]
        helped = {**register(environment), "PYTHONPATH": str(ROOT)}
        programs.enter_context(running(helper, helped, folder / "register.log", LOAD_CORE))
        pid = programs.enter_context(running([MOTCUA, "serve"], environment, log))
        seconds = wait_for(http, f"{address}/readyz", log)
        wait_for(http, f"{environment['MOTCUA_REGISTERS__POPULATION__URL']}/healthz", log)
        yield Side(
            name="Motcua",
            pid=pid,
            address=address,
            secret=secret,
            ready=seconds,
            answers=ANSWERS,
        )
