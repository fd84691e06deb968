"""Work that nobody waits for, under leases in SQL: of all processes one does it at a time.

Cleanup of what has served its time. A failure is told to the log; the next turn tries again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from consent.rows import RUBBISH as CONSENT
from idp.sessions.rows import RUBBISH as SESSIONS
from idp.tables import METADATA
from keys.secrets import new_secret
from store.cleanup import Cleanup, Rubbish
from store.database import Database, Unavailable
from store.micros import Clock

TURN = 20.0  # seconds; a lease outlives it, so the work stays where it is

_LOG = structlog.get_logger("motcua")


RUBBISH = (
    SESSIONS,
    *(Rubbish(METADATA.tables[name], column, keep) for name, column, keep in CONSENT),
)


@asynccontextmanager
async def working(database: Database, clock: Clock) -> AsyncIterator[None]:
    """While the program runs. What is under way when it stops is finished first."""
    cleanup, me = Cleanup(database, RUBBISH), new_secret()
    stop = asyncio.Event()
    task = asyncio.create_task(_turns(cleanup, me, clock, stop))
    yield
    stop.set()
    await task


async def _turns(cleanup: Cleanup, me: str, clock: Clock, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await clean(cleanup, me, clock)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TURN)


async def clean(cleanup: Cleanup, me: str, clock: Clock) -> None:
    """Batch after batch, until nothing is left or another process has the lease."""
    try:
        while await cleanup.step(me, clock()):
            pass
    except Unavailable:
        _LOG.warning("cleanup", outcome="unavailable")
