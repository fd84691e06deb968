"""The outbox's work inside ``serve``: woken by the bell, or when something falls due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from idp.outbox.worker import TURN, Postman
from store.database import Unavailable

_LOG = structlog.get_logger("motcua")


@asynccontextmanager
async def delivering(postman: Postman, bell: asyncio.Event) -> AsyncIterator[None]:
    """While the program runs. What is under way when it stops is finished first."""
    stop = asyncio.Event()
    task = asyncio.create_task(_turns(postman, bell, stop))
    try:
        yield
    finally:
        stop.set()
        bell.set()
        await task
        await postman.finish()


async def _turns(postman: Postman, bell: asyncio.Event, stop: asyncio.Event) -> None:
    """The first look is as good as rung for: what a process before this one left is sent."""
    rung = True
    while not stop.is_set():
        pause = await _look(postman, rung=rung)
        if not pause:
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), pause)
        rung = bell.is_set()
        bell.clear()


async def _look(postman: Postman, *, rung: bool) -> float:
    try:
        pause = await postman.turn(rung=rung)
        if pause:
            await postman.count()
    except Unavailable:
        _LOG.warning("outbox", outcome="unavailable")
        return TURN
    return pause
