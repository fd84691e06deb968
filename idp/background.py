"""Work that nobody waits for: deleting what has served its time.

Rows under a lease in SQL: of all processes one does it at a time. A failure is told to the log;
the next turn tries again.
"""

import asyncio
from contextlib import AbstractAsyncContextManager

import structlog

from clients.dynamic.rows import RUBBISH as INVITES
from consent.rows import FAMILY, GRANT, REACHED, REVOKED_TOKEN
from idp.beside import beside
from idp.officers.rows import RUBBISH as OFFICER_LINKS
from idp.officers.sessions import RUBBISH as OFFICER_SESSIONS
from idp.sessions.devices import RUBBISH as DEVICES
from idp.sessions.rows import RUBBISH as SESSIONS
from idp.sessions.rows import lives_on
from idp.storage import Storage
from keys.readiness.rows import FETCH, KEPT
from keys.secrets import new_secret
from store.cleanup import Cleanup, Rubbish
from store.database import Unavailable
from store.micros import Clock

TURN = 20.0  # seconds; a lease outlives it, so the work stays where it is
RUBBISH = (
    SESSIONS,
    DEVICES,
    Rubbish(FAMILY, "ends_at", 0),  # before its grant, to which it refers
    # a grant says whom to tell of the end of its session, however often that was prolonged
    Rubbish(GRANT, "ends_at", REACHED, still_needed=lives_on(GRANT.c.session_id)),
    Rubbish(REVOKED_TOKEN, "ends_at", 0),
    INVITES,
    Rubbish(FETCH, "last_at", KEPT),
    OFFICER_LINKS,
    OFFICER_SESSIONS,
)

_LOG = structlog.get_logger("motcua")


class Broom:
    """One of many: each process has its own."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._cleanup = Cleanup(storage.database, RUBBISH)
        self._sweep = storage.sweep
        self._clock = clock
        self._me = new_secret()

    async def turn(self) -> float:
        """Batch after batch until nothing is left to this process. Returns the seconds to wait."""
        try:
            while await self._cleanup.step(self._me, self._clock()):
                pass
            while await self._sweep(self._clock()):  # noqa: ASYNC110  it waits for nothing
                await asyncio.sleep(0)  # the embedded store never makes the others wait longer
        except Unavailable:
            _LOG.warning("cleanup", outcome="unavailable")
        return TURN


def working(storage: Storage, clock: Clock) -> AbstractAsyncContextManager[None]:
    """While the program runs."""
    return beside("cleanup", lambda: Broom(storage, clock).turn)
