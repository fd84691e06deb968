"""Messages that leave because something changed: put in the same commit as the change.

Each is sent at least once, or lies here as a dead letter that somebody has to look at
(``store/dead_letters.py``): nothing is lost in silence.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from store.database import Database, Unchanged, Write
from store.micros import HOUR, SECOND
from store.schema import Row, micros, table

BATCH = 50
CLAIM = 20 * SECOND  # as long as one worker may take to send what it has claimed
MOST = 35  # attempts; with the waits between them a day
NEVER = 1 << 62  # when a dead letter is due


class OutboxRow(Row, table=True):
    """``failure``: why the last attempt failed, in a word that names nobody."""

    __tablename__ = "outbox"

    message_id: str = Field(primary_key=True)
    kind: str
    body: bytes
    due_at: int = micros(index=True)
    attempts: int = 0
    claim: str | None = None
    put_at: int | None = micros(default=None)
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``kind`` says who sends it; ``body`` is sealed if it is about a person."""

    message_id: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message for this worker alone to send. ``attempts`` counts this one."""

    message: Message
    attempts: int
    claim: str


OUTBOX = table(OutboxRow)
_IS_MINE = (OUTBOX.c.message_id == bindparam("the_message"), OUTBOX.c.claim == bindparam("mine"))
_INSERT = insert(OUTBOX).on_conflict_do_nothing(index_elements=["message_id"])
_DUE = (
    select(OUTBOX.c.message_id)
    .where(OUTBOX.c.due_at <= bindparam("now"))
    .order_by(OUTBOX.c.due_at)
    .limit(BATCH)
)
_CLAIM = (
    update(OUTBOX)
    .where(OUTBOX.c.message_id.in_(_DUE))
    .values(due_at=bindparam("until"), claim=bindparam("mine"), attempts=OUTBOX.c.attempts + 1)
)
_CLAIMED = (
    select(OUTBOX)
    .where(OUTBOX.c.due_at == bindparam("until"), OUTBOX.c.claim == bindparam("mine"))
    .order_by(OUTBOX.c.message_id)
)
_DONE = delete(OUTBOX).where(OUTBOX.c.message_id == bindparam("the_message"))
_LATER = (
    update(OUTBOX)
    .where(*_IS_MINE)
    .values(due_at=bindparam("until"), claim=None, failure=bindparam("why"))
)
_NEXT = select(OUTBOX.c.due_at).order_by(OUTBOX.c.due_at).limit(1)


class Outbox:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.prepare(_INSERT)
        self._claim = database.prepare(_CLAIM)
        self._claimed = database.prepare(_CLAIMED)
        self._done = database.prepare(_DONE)
        self._later = database.prepare(_LATER)
        self._next = database.prepare(_NEXT)

    def insert(self, message: Message, now: int) -> Write:
        """To be committed with the change it tells of. The same id twice is one message."""
        return Write(self._insert, {**asdict(message), **fresh(now)})

    async def due(self, now: int) -> Sequence[Claimed]:
        """What is to be sent now, claimed until ``now + CLAIM``; then it is due again."""
        values = {"now": now, "until": now + CLAIM, "mine": os.urandom(16).hex()}
        try:
            await self._database.commit(Write(self._claim, values, must_change=True))
        except Unchanged:
            return ()
        rows = await self._database.read(self._claimed, until=now + CLAIM, mine=values["mine"])
        return [
            Claimed(
                message=Message(message_id=row["message_id"], kind=row["kind"], body=row["body"]),
                attempts=row["attempts"],
                claim=row["claim"],
            )
            for row in rows
        ]

    async def done(self, sent: Claimed) -> None:
        """It was received: forget it."""
        await self._database.commit(Write(self._done, {"the_message": sent.message.message_id}))

    async def later(self, failed: Claimed, now: int, why: str) -> bool:
        """It was not: after twice as long as the last time, and never more than an hour.

        True if it was the last attempt, and this is a dead letter now.
        """
        wait = min(SECOND << min(failed.attempts, 12), HOUR)
        dead = failed.attempts >= MOST
        values = {
            "the_message": failed.message.message_id,
            "mine": failed.claim,
            "until": NEVER if dead else now + wait,
            "why": why,
        }
        await self._database.commit(Write(self._later, values))
        return dead

    async def next_due(self) -> int:
        """When the next message has to be sent, in microseconds; ``NEVER`` if none has."""
        rows = await self._database.read(self._next)
        return int(rows[0]["due_at"]) if rows else NEVER


def fresh(now: int) -> dict[str, Any]:
    """What every message begins with."""
    return {"due_at": now, "attempts": 0, "claim": None, "put_at": now, "failure": None}
