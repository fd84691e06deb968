"""What a password hash needed goes back to the system when it is done."""

import subprocess
import sys

PROGRAM = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from argon2.low_level import Type, hash_secret
from idp.authentication import memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

def hashed(_):
    hash_secret(b"a password", b"some salt", 1, 19 * 1024, 1, 32, Type.ID)

memory.give_back()
before = resident()
with ThreadPoolExecutor(2) as pool:
    list(pool.map(hashed, range(8)))
    print(resident() - before)
"""


def test_after_the_hashes_the_process_is_as_small_as_before() -> None:
    megabytes = int(subprocess.check_output([sys.executable, "-c", PROGRAM]))
    assert megabytes < 5
