"""Failures in a row, counted before the guess is looked at, in SQL.

NIST SP 800-63B-4 section 3.2.2: a growing delay after the fifth, off at the hundredth until
someone unlocks it; a success forgets them. One atomic statement counts, so of racing guesses none
goes uncounted, and a crash leaves the guess counted. Unknown numbers are counted like known ones:
what a stranger is told depends on the guesses alone.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    cast,
    delete,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from store.database import Database, Unchanged, Write
from store.micros import MINUTE, SECOND
from store.schema import Row, micros, table

FREE, MOST = 5, 100
LONGEST_DELAY = 15 * MINUTE


def delay(failures: int) -> int:
    """Microseconds until another guess is looked at: 1 s after the fifth, doubling, capped."""
    return min(SECOND << (failures - FREE), LONGEST_DELAY) if failures >= FREE else 0


class FailureRow(Row, table=True):
    """``failures`` in a row; no guess is looked at before ``open_at``."""

    __tablename__ = "sign_in_failure"

    number_digest: str = Field(primary_key=True)
    failures: int
    open_at: int = micros()


_FAILURE = table(FailureRow)
_NOW = cast(bindparam("now"), BigInteger)
_COUNTED = _FAILURE.c.failures + 1


def _next_delay() -> ColumnElement[int]:
    """``delay`` of one failure more than the row has, in SQL."""
    growing = {n: delay(n) for n in range(FREE, MOST) if delay(n) < LONGEST_DELAY}
    then = case(growing, value=_COUNTED, else_=literal(LONGEST_DELAY))
    return case((_COUNTED < FREE, literal(0)), else_=then)


_COUNT = (
    insert(_FAILURE)
    .values(number_digest=bindparam("number_digest"), failures=1, open_at=0)
    .on_conflict_do_update(
        index_elements=[_FAILURE.c.number_digest],
        set_={"failures": _COUNTED, "open_at": _NOW + _next_delay()},
        where=(_FAILURE.c.failures < MOST) & (_FAILURE.c.open_at <= _NOW),
    )
)
_FIND = select(_FAILURE.c.failures, _FAILURE.c.open_at).where(
    _FAILURE.c.number_digest == bindparam("number_digest")
)
_TOUCH = update(_FAILURE).where(_FAILURE.c.number_digest == bindparam("number_digest"))
_TOUCH = _TOUCH.values(failures=_FAILURE.c.failures)
_FORGET = delete(_FAILURE).where(_FAILURE.c.number_digest == bindparam("number_digest"))


class Failures:
    """Passwords by the keyed digest of the personal number, whether or not it has an account.

    Codes of an app by a name of the account that no digest has.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._count = database.prepare(_COUNT)
        self._find = database.prepare(_FIND)
        self._touch = database.prepare(_TOUCH)
        self._forget = database.prepare(_FORGET)

    async def count(self, number_digest: str, now: int) -> bool:
        """Count a guess as failed before it is looked at; false: do not look at it."""
        values = {"number_digest": number_digest, "now": now}
        try:
            await self._database.commit(Write(self._count, values, must_change=True))
        except Unchanged:
            return False
        return True

    def touch(self, number_digest: str) -> Write:
        """Changes nothing, and is as much work as an event that is kept."""
        return Write(self._touch, {"number_digest": number_digest})

    def forget(self, number_digest: str) -> Write:
        """For the commit that a success makes, or an officer's unlocking."""
        return Write(self._forget, {"number_digest": number_digest})

    async def wait(self, number_digest: str, now: int) -> int | None:
        """Whole seconds until another guess is looked at; nothing when it never will be."""
        for row in await self._database.read(self._find, number_digest=number_digest):
            if row["failures"] >= MOST:
                return None
            return max(0, -int((now - row["open_at"]) // SECOND))
        return 0
