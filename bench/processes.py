"""Programs under measure: each pinned to a core, with what it costs. Linux: ``/proc``."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from httpx2 import Client, HTTPError

SERVER_CORE, LOAD_CORE = "0", "1"
PATIENCE = 30
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path, core: str = SERVER_CORE
) -> Iterator[int]:
    """Its process id; it has ended at the end."""
    with (
        log.open("ab") as said,
        subprocess.Popen(
            ["taskset", "-c", core, *command],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(http: Client, address: str, log: Path) -> float:
    """Seconds until it answered."""
    begun = time.monotonic()
    while time.monotonic() < begun + PATIENCE:
        try:
            if http.get(address).is_success:
                return time.monotonic() - begun
        except HTTPError:
            time.sleep(0.01)
    raise RuntimeError(f"{address} does not answer: {log.read_text('utf-8')[-2000:]}")


def family(pid: int) -> list[int]:
    """A process and those it has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(each for child in children for each in family(child))]


def cpu_seconds(pid: int) -> float:
    """What it has used of a processor so far, in user and kernel mode."""
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2] for each in family(pid)]
    return sum(int(ticks) for line in fields for ticks in line.split()[11:13]) / TICK


def megabytes(pid: int) -> float:
    """Resident memory now."""
    pages = (int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in family(pid))
    return sum(pages) * PAGE / 1e6
