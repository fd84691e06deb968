"""A few threads for what is slow on purpose, and a short queue before them.

Past the queue a guess is turned away at once (503, ``Retry-After``): nobody else waits for it.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from store.database import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

NICENESS = 10  # more than the program's own: a ninth of its share, while it has anything to do
LEAST = 19


class Busy(Unavailable):
    """Too many passwords wait to be checked. Asking again soon is right."""


class Pool:
    """``threads`` at work, at most ``queue`` waiting."""

    def __init__(self, threads: int, queue: int) -> None:
        self._executor = ThreadPoolExecutor(threads, "hash", initializer=_give_way)
        self._most = threads + queue
        self._inside = 0

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue, or ``Busy``. Taken before anything is counted."""
        if self._inside >= self._most:
            raise Busy("too many passwords wait to be checked")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread. Whoever calls this holds a place."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: work(*args, **kwargs))


def _give_way() -> None:
    """Linux knows a niceness for each thread: requests that need no hash come first."""
    thread = threading.get_native_id()
    niceness = os.getpriority(os.PRIO_PROCESS, thread) + NICENESS
    os.setpriority(os.PRIO_PROCESS, thread, min(niceness, LEAST))
