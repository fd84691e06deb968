"""When a session was last used: written at most every five minutes.

NIST SP 800-63B-4 section 2.2.3 counts the time in which nothing was done.
"""

from contextlib import suppress

from idp.sessions.lives import IDLE_OF_2, SEEN_EVERY
from idp.sessions.rows import TOUCH
from store.database import Database, Unavailable, Write


class Seen:
    """That it cannot be written stops nobody."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._touch = database.prepare(TOUCH)

    async def __call__(self, session_id: str, seen_at: int, now: int) -> None:
        before = now - SEEN_EVERY
        if seen_at > before:
            return
        values = {
            "the_session": session_id,
            "seen_before": before,
            "idle_before": now - IDLE_OF_2,
            "now": now,
        }
        with suppress(Unavailable):
            await self._database.commit(Write(self._touch, values))
