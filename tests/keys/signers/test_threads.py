"""Threads that wait for a token of hardware, or compute in its place."""

import os
from threading import get_native_id

import pytest

from keys.signers.threads import Threads

pytestmark = pytest.mark.anyio
LAST = 19  # setpriority(2)


def niceness(_: None = None) -> int:
    return os.getpriority(os.PRIO_PROCESS, get_native_id())


async def test_they_stand_back_for_who_asks_for_no_signature() -> None:
    threads = Threads("a token", 1, lambda: None)
    own = niceness()
    assert await threads.run(niceness) > own or own == LAST
    assert niceness() == own, "and nobody else does"
    threads.stop()
