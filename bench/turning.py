"""What keys that turn cost of throughput. ``python -m bench.turning``.

The same program twice: once its keys stay, once each turns every five seconds, as a demonstration
may. Rounds in turn; who is not measured stands still, for both share one core. Each turn makes two
RSA keys, whose primes are searched on that core: what this costs is said by itself.
"""

import os
import secrets
import signal
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from httpx2 import Client

from bench import report
from bench.load import Round, load
from bench.motcua_side import motcua_side
from bench.processes import family
from bench.side import Side

EVERY = 5  # seconds that a key signs
ROUNDS, SECONDS, WARM = 5, 20, 6
WORKS = ("single_sign_on", "client_credentials")
SIDES: Mapping[str, Mapping[str, str]] = {
    "keys stay": {},
    "keys turn": {"MOTCUA_KEYS__DEMONSTRATION_SECONDS": str(EVERY)},
}
Found = dict[str, dict[str, list[Round]]]


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="motcua-bench-")))
        http = stack.enter_context(Client(trust_env=False, timeout=10))
        sides: dict[str, Side] = {}
        for name, more in SIDES.items():
            home = folder / name.replace(" ", "-")
            home.mkdir()
            side = motcua_side(home, http, secrets.token_urlsafe(32), more)
            sides[name] = stack.enter_context(side)
        found, kids = measured(sides, http)
    report.show_turning(found, *SIDES)
    for name, seen in kids.items():
        print(f"{name}: {len(seen)} keys were in the key set")
    stay, turn = (report.medians(found[name]["client_credentials"]) for name in SIDES)
    spent = (turn.cpu - stay.cpu) / 1e6 * turn.rate * EVERY
    print(f"Once all keys have turned, {spent:.2f} s of a core are spent; usually in 90 days.")


def measured(sides: Mapping[str, Side], http: Client) -> tuple[Found, Mapping[str, set[str]]]:
    """In turn, so that the machine's moods meet both; and the keys that each has shown."""
    known = {name: side.sign_in(http) for name, side in sides.items()}
    kids: dict[str, set[str]] = {name: set() for name in sides}
    found: Found = {name: {work: [] for work in WORKS} for name in sides}
    for work in WORKS:
        for number in range(-1, ROUNDS):  # the first warms
            for name, side in sides.items():
                with alone(side, sides.values()):
                    one = load(side, work, known[name], WARM if number < 0 else SECONDS)
                    kids[name] |= shown(side, http)
                if number >= 0:
                    found[name][work].append(one)
                    print(f"{work} {number + 1}/{ROUNDS}, {name}: {one.rate:,.0f}/s", flush=True)
    return found, kids


@contextmanager
def alone(side: Side, among: Iterable[Side]) -> Iterator[None]:
    """The others stand still."""
    others = [it for it in among if it is not side]
    tell(others, signal.SIGSTOP)
    try:
        yield
    finally:
        tell(others, signal.SIGCONT)


def tell(sides: Sequence[Side], what: signal.Signals) -> None:
    for pid in (it for side in sides for it in family(side.pid)):
        os.kill(pid, what)


def shown(side: Side, http: Client) -> set[str]:
    return {key["kid"] for key in http.get(f"{side.address}{side.jwks}").json()["keys"]}


if __name__ == "__main__":
    main()
