"""What the process holds of memory, and when it looks for what is garbage."""

import subprocess
import sys
from pathlib import Path

from tests.served import environment

PROGRAM = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from argon2.low_level import Type, hash_secret
from idp.memory import pieces

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

def hashed(_):
    hash_secret(b"a password", b"some salt", 1, 19 * 1024, 1, 32, Type.ID)

pieces.give_back()
before = resident()
with ThreadPoolExecutor(2) as pool:
    list(pool.map(hashed, range(8)))
    print(resident() - before)
"""


def test_after_the_hashes_the_process_is_as_small_as_before() -> None:
    megabytes = int(subprocess.check_output([sys.executable, "-c", PROGRAM]))
    assert megabytes < 5


START = """
import asyncio
import gc
from idp.serve import application

async def main():
    program, said = application(), asyncio.Queue()
    resting = gc.isenabled()
    asked = asyncio.Queue()
    asked.put_nowait({"type": "lifespan.startup"})
    living = asyncio.create_task(program({"type": "lifespan"}, asked.get, said.put))
    started = (await said.get())["type"]
    print(started, resting, gc.isenabled(), gc.get_freeze_count() > 100_000)
    asked.put_nowait({"type": "lifespan.shutdown"})
    await living

asyncio.run(main())
"""


def test_the_collector_rests_while_it_starts_and_then_passes_over_what_is_there(
    home: Path,
) -> None:
    said = subprocess.check_output(
        [sys.executable, "-c", START], env=environment(home), cwd=home, text=True
    )
    assert said.split() == ["lifespan.startup.complete", "False", "True", "True"]
