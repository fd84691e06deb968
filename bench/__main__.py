"""``make bench``: both sides up, both warmed, three rounds in turn, medians."""

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from httpx2 import Client

from bench import report
from bench.flood import under_flood
from bench.load import WORKS, Round, load
from bench.motcua_side import motcua_side
from bench.node_side import node_side
from bench.processes import megabytes
from bench.side import Side

ROUNDS, SECONDS, WARM = 3, 6, 6
SETTLES = 3  # seconds
RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Returns the exit code: 0 if everything was measured."""
    if len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004  one for the server, one for the load
        print("The benchmark needs two processor cores.", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="motcua-bench-")))
        http = stack.enter_context(Client(trust_env=False, timeout=10))
        secret = secrets.token_urlsafe(32)
        sides = [
            stack.enter_context(open_side(folder, http, secret))
            for open_side in (motcua_side, node_side)
        ]
        measured = measure(sides, http)
        flooded = under_flood(sides[0], http)
        memory = settled(sides)
    ratios = report.compared(*measured.values())
    report.show(measured, ratios)
    report.show_flood(flooded)
    ready = round(sides[0].ready, 2)
    print(f"Memory after the load, MB: {memory}. Motcua was ready {ready} s after its start.")
    more = {"ratios": ratios, "megabytes": memory, "ready_seconds": ready}
    report.write(RESULTS, measured, more)
    print(f"All of it, every round: {RESULTS}")
    return 0


def settled(sides: Sequence[Side]) -> dict[str, int]:
    """Megabytes of each, once the last passwords of the flood have been checked."""
    time.sleep(SETTLES)
    return {side.name: round(megabytes(side.pid)) for side in sides}


def measure(sides: Sequence[Side], http: Client) -> dict[str, dict[str, list[Round]]]:
    """The sides take turns within a round, so that the machine's moods meet both."""
    known = {side.name: side.sign_in(http) for side in sides}
    found: dict[str, dict[str, list[Round]]] = {
        side.name: {work: [] for work in WORKS} for side in sides
    }
    for work in WORKS:
        for side in sides:
            known[side.name] |= side.fresh(http, known[side.name])
            load(side, work, known[side.name], WARM)
        for number in range(ROUNDS):
            for side in sides:
                one = load(side, work, known[side.name], SECONDS)
                found[side.name][work].append(one)
                print(f"{work} {number + 1}/{ROUNDS} {side.name}: {one.rate:,.0f}/s", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
