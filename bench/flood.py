"""What others notice while passwords are guessed as fast as Argon2id lets them.

A few connections ask, one answer after the other, with and without a flood of wrong passwords
beside them. The server and its hashing threads have one core between them.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode

from httpx2 import Client

from bench.load import LUA, Round, load
from bench.processes import LOAD_CORE
from bench.side import Side

WORKS = ("discovery", "client_credentials")
ASKING, GUESSING = 2, 16  # connections
SECONDS, ROUNDS = 6, 3


def under_flood(side: Side, http: Client) -> dict[str, dict[str, list[Round]]]:
    """Each work alone and flooded, in turn, so that the machine's moods meet both."""
    known = {**side.sign_in(http), **guess(side, http)}
    found: dict[str, dict[str, list[Round]]] = {
        work: {"alone": [], "flooded": []} for work in WORKS
    }
    for work in WORKS:
        load(side, work, known, 2, ASKING)
        for _ in range(ROUNDS):
            found[work]["alone"].append(load(side, work, known, SECONDS, ASKING))
            with beside(side, known, "guesses", GUESSING):
                found[work]["flooded"].append(load(side, work, known, SECONDS, ASKING))
    return found


def guess(side: Side, http: Client) -> Mapping[str, str]:
    """What a browser needs before it may guess: its cookie and the form's token."""
    page = http.get(f"{side.address}/sign-in")
    token, *_ = re.findall(r'name="csrf" value="([^"]+)"', page.text)
    flow = page.headers["set-cookie"].partition(";")[0]
    form = {"csrf": token, "action": "password", "password": "not the password at all"}
    return {"BENCH_FLOW": flow, "BENCH_GUESS": urlencode(form)}


@contextmanager
def beside(side: Side, known: Mapping[str, str], work: str, connections: int) -> Iterator[None]:
    """That work, for longer than a round; ended at its end."""
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{SECONDS * 4}s"]
    with subprocess.Popen(
        [*command, "-s", f"{work}.lua", side.address],
        cwd=LUA,
        env={**os.environ, **known},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as working:
        try:
            yield
        finally:
            working.kill()
