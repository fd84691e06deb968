"""Thirty at once, each through a door of its own, as thirty processes would."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from threading import Barrier
from typing import Any, TypeVar

D = TypeVar("D")
T = TypeVar("T")
RACERS = 30


def race(
    door: Callable[[], AbstractAsyncContextManager[D]],
    use: Callable[[D, int], Coroutine[Any, Any, T]],
) -> list[T]:
    """What each of them got. ``use`` is told the racer's number."""

    start = Barrier(RACERS)

    async def alone(number: int) -> T:
        async with door() as opened:
            start.wait(timeout=30)
            return await use(opened, number)

    with ThreadPoolExecutor(RACERS) as pool:
        racers = [pool.submit(asyncio.run, alone(number)) for number in range(RACERS)]
        return [racer.result() for racer in racers]
