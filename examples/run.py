"""Everything on this machine, with one command: ``make run``, or ``python -m examples.run``."""

import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from examples.addresses import CannotRun, Ports
from examples.furnish import PEOPLE, Furnished, furnish, is_prepared, source, write_private
from examples.programs import Program, Programs

HERE = Path(__file__).parent
MOTCUA = str(Path(sys.executable).with_name("motcua"))


def main() -> int:
    """Returns the exit code: 0 after a stop that was asked for."""
    screen = Console()
    try:
        made = furnish(Ports.chosen())
        made.ports.check()
        with Programs(made.folder) as programs:
            provider, *helpers = everything = [itself(made), *around(made)]
            ready = is_prepared(made)
            for program in everything if ready else helpers:
                programs.start(program)
            if not ready:
                prepare(made)
                programs.start(provider)
            programs.wait_until_ready(everything)
            show(screen, made.ports)
            programs.wait()
    except CannotRun as error:
        screen.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    screen.print("Everything has ended.")
    return 0


def prepare(made: Furnished) -> None:
    """The schema, the agencies and the people. Raises ``CannotRun``."""
    command = [sys.executable, "-m", "examples.prepare", str(made.registration)]
    done = subprocess.run(
        command, env={**os.environ, **importable()}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CannotRun(f"The provider could not be prepared. {done.stderr.strip()}")
    write_private(made.prepared, source(made))


def itself(made: Furnished) -> Program:
    return Program("provider", [MOTCUA, "serve"], f"{made.ports.url('provider')}/readyz", {})


def around(made: Furnished) -> list[Program]:
    """The agencies and the register: programs of others, which know the provider by its address."""
    issuer = made.settings.issuer_name()
    register = {
        "REGISTER_ISSUER": issuer,
        "REGISTER_PAIRING_KEY": made.register.pairing_key.get_secret_value(),
        "REGISTER_PORT": str(made.ports.registers),
    }
    return [
        module(made, "registers", register),
        module(made, "portal", agency(made, "portal", made.portal_secret)),
        module(made, "tax", agency(made, "tax", made.tax_key)),
    ]


def agency(made: Furnished, name: str, credential: Path) -> dict[str, str]:
    return {
        "AGENCY_URL": made.ports.url(name),
        "AGENCY_ISSUER": made.settings.issuer_name(),
        "AGENCY_CREDENTIAL": str(credential),
    }


def module(made: Furnished, name: str, environment: dict[str, str]) -> Program:
    command = [sys.executable, "-m", f"examples.{name}"]
    address = f"{made.ports.url(name)}/healthz"
    return Program(name, command, address, {**environment, **importable()})


def importable() -> dict[str, str]:
    """The examples are not installed: their programs look for them here."""
    places = [str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, places))}


def show(screen: Console, ports: Ports) -> None:
    """Addresses, people, and what to do first."""
    addresses = Table("", "address")
    addresses.add_row("Public Service Portal", ports.url("portal"))
    addresses.add_row("Tax Department", ports.url("tax"))
    addresses.add_row("Your account", f"{ports.url('provider')}/account")
    people = Table("personal number", "password", "who")
    for person in json.loads(PEOPLE.read_text("utf-8")):
        people.add_row(person["identifier"], person["password"], person["note"])
    screen.print(addresses, people)
    screen.print(f"ready: open {ports.url('portal')} in a browser; Ctrl-C ends everything")


if __name__ == "__main__":
    sys.exit(main())
