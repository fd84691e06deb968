"""A narrower record takes the place of another, in one commit with its event.

It holds at once: what is on its way out under the older record is not written down any more, and
so does not leave. It lasts no longer than the older one, and what was asked is not asked again.
"""

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import bindparam, exists, insert, literal, select, update

from consent.model import OFFLINE, Record
from consent.narrowing import Kept, without
from consent.ports import Purposes
from consent.records import Forget
from consent.rows import FAMILY, GRANT, RECORD, RECORD_IS_GIVEN, words
from consent.statements import record_of
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import RecordNarrowed
from store.database import Database, Unavailable, Unchanged, Write

_OLD = RECORD.alias("old")
_NEW = {
    "record_id": bindparam("successor", type_=RECORD.c.record_id.type),
    "interaction_digest": bindparam("event_id", type_=RECORD.c.record_id.type),
    "allowed": bindparam("allowed", type_=RECORD.c.allowed.type),
    "ended_at": literal(None, RECORD.c.ended_at.type),
    "ended_as": literal(None, RECORD.c.ended_as.type),
}

CURRENT = select(RECORD).where(
    _OLD.c.record_id == bindparam("the_record"),
    _OLD.c.account_id == bindparam("the_account"),
    RECORD.c.account_id == _OLD.c.account_id,
    RECORD.c.client_id == _OLD.c.client_id,
    RECORD.c.purpose_id == _OLD.c.purpose_id,
    RECORD_IS_GIVEN,
)
SUPERSEDE = (
    update(RECORD)
    .where(RECORD.c.record_id == bindparam("the_record"), RECORD_IS_GIVEN)
    .values(ended_at=bindparam("now"), ended_as="superseded")
)
COPY = insert(RECORD).from_select(
    [column.name for column in RECORD.c],
    select(*(_NEW.get(column.name, column) for column in RECORD.c)).where(
        RECORD.c.record_id == bindparam("the_record")
    ),
)
END_OFFLINE = (
    update(GRANT)
    .where(
        GRANT.c.record_id == bindparam("the_record"),
        GRANT.c.ended_at.is_(None),
        exists().where(FAMILY.c.grant_id == GRANT.c.grant_id),
    )
    .values(ended_at=bindparam("now"))
)
MOVE_GRANTS = (
    update(GRANT)
    .where(GRANT.c.record_id == bindparam("the_record"), GRANT.c.ended_at.is_(None))
    .values(record_id=bindparam("successor"))
)


class SqlNarrowing:
    """``forget`` drops cached values."""

    def __init__(
        self, database: Database, ledger: Ledger, *, purposes: Purposes, forget: Forget
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._purposes = purposes
        self._forget = forget
        self._current = database.prepare(CURRENT)
        self._supersede = database.prepare(SUPERSEDE)
        self._copy = database.prepare(COPY)
        self._end_offline = database.prepare(END_OFFLINE)
        self._move_grants = database.prepare(MOVE_GRANTS)

    async def current(self, record_id: str, account_id: str, now: int) -> Record | None:
        """The live record that this one of theirs is, or that has taken its place since."""
        values = {"the_record": record_id, "the_account": account_id, "now": now}
        for row in await self._database.read(self._current, **values):
            return record_of(row)
        return None

    async def stop(self, record_id: str, account_id: str, attr_id: str, now: int) -> Record | Kept:
        """The narrower record. If another change was first, it is looked at again."""
        while (record := await self.current(record_id, account_id, now)) is not None:
            purpose = await self._purposes.find(record.purpose_id, now)
            left = without(record, purpose, attr_id)
            if isinstance(left, Kept):
                return left
            with suppress(Unchanged):
                return await self._replace(record, attr_id, left, now)
        return Kept.NOT_SHARED

    async def _replace(self, old: Record, attr_id: str, left: frozenset[str], now: int) -> Record:
        event = _narrowed(old, attr_id, now)
        values = {
            "the_record": old.record_id,
            "successor": event.record_id,
            "event_id": event.event_id,
            "allowed": words(left),
            "now": now,
        }
        ending = [Write(self._end_offline, values)] if attr_id == OFFLINE else []
        await self._database.commit(
            Write(self._supersede, values, must_change=True),
            Write(self._copy, values),
            *ending,
            Write(self._move_grants, values),
            self._ledger.insert(event, now),
        )
        with suppress(Unavailable):  # tidying: what is not allowed is not delivered from a cache
            await self._forget(old.account_id)
        return replace(old, record_id=event.record_id, allowed=left)


def _narrowed(old: Record, attr_id: str, now: int) -> RecordNarrowed:
    return RecordNarrowed(
        event_id=new_id(now),
        record_id=new_id(now),
        superseded=old.record_id,
        account_id=old.account_id,
        client_id=old.client_id,
        stopped=attr_id,
    )
