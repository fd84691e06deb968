"""What is kept elsewhere of keys that sign no more is destroyed, whenever its keeper can.

NIST SP 800-57 part 1 section 8.3.4.
"""

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy import select

from keys.lives.changes import Changes
from keys.lives.lifecycle import KEEPING, Life
from keys.rows import KEY, life_of
from keys.signers.held import CannotSign
from keys.signers.keepers import Keepers
from keys.signing_key import KeyFault, State
from store.database import Database, Unavailable
from store.micros import MINUTE

PATIENCE = 5.0  # seconds, for who has done something else and is waited for

_LOG = structlog.get_logger("motcua")


class Away:
    def __init__(self, database: Database, changes: Changes, keepers: Keepers) -> None:
        self._database = database
        self._changes = changes
        self._keepers = keepers
        self._all = database.prepare(select(KEY))

    async def put(self, now: int) -> None:
        """Who cannot now may later. Raises ``Unavailable``."""
        for row in await self._database.read(self._all):
            if row["reference"] is not None and is_over(life_of(row), now):
                with suppress(CannotSign, KeyFault):
                    await self._keepers.destroy(row["provider"], row["reference"])
                    await self._database.commit(self._changes.forgotten(row["kid"]))

    async def tried(self, now: int) -> None:
        """After a commit, which is done whatever comes of this: the next turn does it again."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.put(now)
        except (Unavailable, TimeoutError):
            _LOG.warning("keys", outcome="not put away yet")


def is_over(life: Life, now: int) -> bool:
    """Whether nobody signs with it any more: with a ring of a second ago somebody still may."""
    if life.state in KEEPING:
        return False
    return life.state is State.COMPROMISED or now >= life.changed_at + MINUTE
