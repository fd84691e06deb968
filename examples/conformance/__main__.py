"""``make conformance``, or ``python -m examples.conformance``: the provider, ready for the suite.

It prints one JSON document: the plans, each with the file of its configuration, these
configurations, and the address that rotates the signing key. Then it serves until Ctrl-C.
"""

import json
import os
import sys
from contextlib import redirect_stdout as redirect
from pathlib import Path

from examples.addresses import CannotRun
from examples.conformance.addresses import Ports
from examples.conformance.configuration import PLANS, configurations
from examples.conformance.furnish import Furnished, furnish
from examples.conformance.hook import hook
from examples.furnish import PEOPLE, write_private
from examples.prepare import main as prepare
from examples.programs import Program, Programs
from examples.run import MOTCUA, importable


def main() -> int:
    """Returns the exit code: 0 after a stop that was asked for."""
    folder = Path(os.environ.get("CONFORMANCE_FOLDER", "data/conformance")).resolve()
    try:
        made = furnish(folder, Ports.chosen())
        os.environ.update({**made.environment(), **importable()})
        os.chdir(folder)  # another provider's motcua.env is not ours
        with Programs(folder) as programs:
            serve(programs, made)
            say(told(made))
            with hook(made.ports.hook):
                programs.wait()
    except CannotRun as error:
        sys.exit(str(error))
    return 0


def serve(programs: Programs, made: Furnished) -> None:
    """The register and the provider, with everything that the provider must know beforehand."""
    everything = [register(made), provider(made)]
    prepared = made.folder / "prepare.log"
    with prepared.open("w") as log, redirect(log):
        failed = prepare(str(made.registration))
    if failed:
        raise CannotRun(f"The provider could not be prepared: {prepared} says why.")
    for program in everything:
        programs.start(program)
    programs.wait_until_ready(everything)


def provider(made: Furnished) -> Program:
    return Program("provider", [MOTCUA, "serve"], f"{made.ports.issuer}/readyz", {})


def register(made: Furnished) -> Program:
    environment = {
        "REGISTER_ISSUER": made.ports.issuer,
        "REGISTER_PAIRING_KEY": made.secrets["pairing"],
        "REGISTER_PORT": str(made.ports.register),
    }
    address = f"http://localhost:{made.ports.register}/healthz"
    return Program("register", [sys.executable, "-m", "examples.registers"], address, environment)


def say(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.flush()


def told(made: Furnished) -> dict[str, object]:
    """What the screen shows; the configurations are left in files for the suite's script, too."""
    person = json.loads(PEOPLE.read_text("utf-8"))[0]
    found = configurations(made.ports.issuer, made.secrets, made.keys, person)
    places = {name: made.folder / f"suite-{name}.json" for name in found}
    for name, place in places.items():
        write_private(place, json.dumps(found[name], ensure_ascii=False, indent=1))
    return {
        "plans": {plan: str(places[name]) for plan, name in PLANS.items()},
        "configurations": found,
        "rotate": f"http://localhost:{made.ports.hook}/rotate",
        "certificate": str(made.folder / "certificate.pem"),
    }


if __name__ == "__main__":
    sys.exit(main())
