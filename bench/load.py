"""One round of load: ``wrk`` on its own core, and what it cost the server meanwhile."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import LOAD_CORE, cpu_seconds
from bench.side import Side

LUA = Path(__file__).parent / "lua"
WORKS = (
    "single_sign_on",
    "client_credentials",
    "refresh",
    "introspection",
    "userinfo",
    "jwks",
)
CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """``rate``: operations a second. Times in microseconds; latencies are of one request."""

    rate: float
    cpu: float
    p50: float
    p99: float


def load(
    side: Side, work: str, known: Mapping[str, str], seconds: int, connections: int = CONNECTIONS
) -> Round:
    """Raises ``RuntimeError`` if any answer was not the one expected."""
    before = cpu_seconds(side.pid)
    told = asked(side, work, known, ["-t1", f"-c{connections}", f"-d{seconds}s"])
    used = cpu_seconds(side.pid) - before
    if told["faults"] or not told["finished"]:
        raise RuntimeError(f"{side.name}, {work}: {told['faults']} faults: {told['said']}")
    return Round(
        rate=told["finished"] / told["seconds"],
        cpu=used * 1e6 / told["finished"],
        p50=told["p50"],
        p99=told["p99"],
    )


def asked(side: Side, work: str, known: Mapping[str, str], how: Sequence[str]) -> dict[str, Any]:
    """What the script says at its end."""
    done = subprocess.run(
        ["taskset", "-c", LOAD_CORE, "wrk", *how, "-s", f"{work}.lua", side.address],
        cwd=LUA,
        env={**os.environ, **known},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{side.name}, {work}: {done.stderr or done.stdout}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
