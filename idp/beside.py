"""Work beside the serving, turn after turn for as long as the program runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Turn = Callable[[], Awaitable[float]]
"""Does what is due; returns the seconds until the next look."""


@asynccontextmanager
async def beside(make: Callable[[], Turn]) -> AsyncIterator[None]:
    """What is under way when the program stops is finished first.

    ``make`` is called once the program serves, so that it is ready sooner.
    """
    stop = asyncio.Event()
    task = asyncio.create_task(_turns(make, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def _turns(make: Callable[[], Turn], stop: asyncio.Event) -> None:
    turn = make()
    while not stop.is_set():
        pause = await turn()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
