"""What was measured, as a table for people and as JSON."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.load import WORKS, Round

Rounds = Mapping[str, Sequence[Round]]
"""Of one side: each work with its rounds."""


def medians(rounds: Sequence[Round]) -> Round:
    return Round(
        **{it.name: median(getattr(one, it.name) for one in rounds) for it in fields(Round)}
    )


def compared(ours: Rounds, theirs: Rounds) -> dict[str, dict[str, float]]:
    """How many times as fast, and how many times as much work for the same processor time."""
    answer = {}
    for work in WORKS:
        mine, other = medians(ours[work]), medians(theirs[work])
        answer[work] = {"throughput": mine.rate / other.rate, "cpu": other.cpu / mine.cpu}
    return answer


def show(sides: Mapping[str, Rounds], ratios: Mapping[str, Mapping[str, float]]) -> None:
    table = Table("work", "side", "per second", "CPU each, us", "p50, ms", "p99, ms", "ratio")
    for work in WORKS:
        for name, rounds in sides.items():
            it = medians(rounds[work])
            ratio = f"{ratios[work]['throughput']:.2f}x" if name == "Motcua" else ""
            figures = (
                f"{it.rate:,.0f}",
                f"{it.cpu:,.0f}",
                f"{it.p50 / 1e3:.2f}",
                f"{it.p99 / 1e3:.2f}",
            )
            table.add_row(work.replace("_", " "), name, *figures, ratio)
        table.add_section()
    Console(width=110).print(table)


def show_flood(found: Mapping[str, Rounds]) -> None:
    """What others notice while passwords are guessed."""
    table = Table("while passwords are guessed", "alone: p99, ms", "flooded: p99, ms", "ratio")
    for work, rounds in found.items():
        alone, flooded = (medians(rounds[name]).p99 / 1e3 for name in ("alone", "flooded"))
        ratio = f"{flooded / alone:.2f}x"
        table.add_row(work.replace("_", " "), f"{alone:.2f}", f"{flooded:.2f}", ratio)
    Console(width=110).print(table)


def show_beside(found: Rounds) -> None:
    """What who reads notices of the work beside."""
    table = Table("beside discovery", "per second", "p50, ms", "p99, ms")
    for name, rounds in found.items():
        it = medians(rounds)
        table.add_row(name, f"{it.rate:,.0f}", f"{it.p50 / 1e3:.2f}", f"{it.p99 / 1e3:.2f}")
    Console(width=110).print(table)


def show_turning(found: Mapping[str, Rounds], before: str, after: str) -> None:
    """What turning keys cost: the second side beside the first."""
    table = Table("work", "keys", "per second", "CPU each, us", "p50, ms", "p99, ms", "ratio")
    for work in found[before]:
        first, second = (medians(found[name][work]) for name in (before, after))
        for name, it in ((before, first), (after, second)):
            ratio = f"{second.rate / first.rate:.3f}x" if name == after else ""
            figures = f"{it.rate:,.0f}", f"{it.cpu:,.0f}", f"{it.p50 / 1e3:.2f}"
            table.add_row(work.replace("_", " "), name, *figures, f"{it.p99 / 1e3:.2f}", ratio)
        table.add_section()
    Console(width=110).print(table)


def write(path: Path, sides: Mapping[str, Rounds], more: Mapping[str, object]) -> None:
    told = {
        name: {work: [asdict(one) for one in rounds] for work, rounds in side.items()}
        for name, side in sides.items()
    }
    machine = {"processor": platform.machine(), "python": platform.python_version()}
    path.write_text(json.dumps({"rounds": told, "machine": machine, **more}, indent=1), "utf-8")
