"""One round of load: ``wrk`` on its own core, and what it cost the server meanwhile."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.processes import LOAD_CORE, cpu_seconds
from bench.side import Side

LUA = Path(__file__).parent / "lua"
WORKS = ("single_sign_on", "client_credentials", "jwks")
CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """``rate``: operations a second. Times in microseconds; latencies are of one request."""

    rate: float
    cpu: float
    p50: float
    p99: float


def load(side: Side, work: str, known: Mapping[str, str], seconds: int) -> Round:
    """Raises ``RuntimeError`` if any answer was not the one expected."""
    before = cpu_seconds(side.pid)
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    done = subprocess.run(
        [*command, "-s", f"{work}.lua", side.address],
        cwd=LUA,
        env={**os.environ, **known},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{side.name}, {work}: {done.stderr or done.stdout}")
    used = cpu_seconds(side.pid) - before
    told = json.loads(done.stdout.splitlines()[-1])
    if told["faults"] or not told["finished"]:
        raise RuntimeError(f"{side.name}, {work}: {told['faults']} faults: {told['said']}")
    return Round(
        rate=told["finished"] / told["seconds"],
        cpu=used * 1e6 / told["finished"],
        p50=told["p50"],
        p99=told["p99"],
    )
