"""What waits in the outbox, and what was tried too often: to be looked at, and tried again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update

from store.database import Database, Unchanged, Write
from store.outbox import NEVER, OUTBOX

_IS_DEAD = OUTBOX.c.due_at == NEVER
_COLUMNS = ("message_id", "kind", "attempts", "put_at", "due_at", "failure")
_ALL = select(*(OUTBOX.c[name] for name in _COLUMNS)).order_by(
    OUTBOX.c.due_at.desc(), OUTBOX.c.message_id
)
_COUNT = select(
    func.count().label("number"), func.count().filter(_IS_DEAD).label("dead")
).select_from(OUTBOX)
_STATE = select(OUTBOX.c.failure).where(OUTBOX.c.message_id == bindparam("the_message"))
_RETRY = (
    update(OUTBOX)
    .where(OUTBOX.c.message_id == bindparam("the_message"), _IS_DEAD)
    .values(due_at=bindparam("now"), attempts=0, claim=None)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message without its body. Times in microseconds; ``due_at`` is None when it is dead."""

    message_id: str
    kind: str
    attempts: int
    put_at: int | None
    due_at: int | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait, and how many are dead."""

    waiting: int
    dead: int


class DeadLetters:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._all = database.prepare(_ALL)
        self._count = database.prepare(_COUNT)
        self._retry = database.prepare(_RETRY)
        self._state = database.prepare(_STATE)

    async def list(self) -> Sequence[Waiting]:
        """Everything that was not received yet, the dead letters first."""
        found = [dict(row) for row in await self._database.read(self._all)]
        return [
            Waiting(**{**row, "due_at": None if row["due_at"] == NEVER else row["due_at"]})
            for row in found
        ]

    async def count(self) -> Backlog:
        [row] = await self._database.read(self._count)
        return Backlog(waiting=row["number"] - row["dead"], dead=row["dead"])

    async def in_vain(self, message_id: str) -> bool | None:
        """Whether a message was tried and not received; None if it waits no more."""
        for row in await self._database.read(self._state, the_message=message_id):
            return row["failure"] is not None
        return None

    async def retry(self, message_id: str, now: int) -> bool:
        """A dead letter is due again, with every attempt before it; false if it is none."""
        values = {"the_message": message_id, "now": now}
        try:
            await self._database.commit(Write(self._retry, values, must_change=True))
        except Unchanged:
            return False
        return True
