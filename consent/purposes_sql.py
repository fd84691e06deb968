"""Purposes in SQL. The row is an envelope; ``Purpose`` is the only description inside."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, insert, select, update

from consent.purposes import Purpose, is_material
from consent.rows import PURPOSE
from keys.secrets import new_id
from ledger.event import Ledger, PurposeApplied
from store.database import Database, Write

_FIND = select(PURPOSE).where(PURPOSE.c.purpose_id == bindparam("the_purpose"))
_INSERT = insert(PURPOSE)
_CHANGE = (
    update(PURPOSE)
    .where(
        PURPOSE.c.purpose_id == bindparam("the_purpose"),
        PURPOSE.c.version == bindparam("old_version"),
    )
    .values(
        version=bindparam("new_version"),
        purpose_json=bindparam("new_json"),
        changed_at=bindparam("now"),
    )
)


class SqlPurposes:
    """``Purposes``, as the engine and the release ask for them."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._find = database.prepare(_FIND)
        self._insert = database.prepare(_INSERT)
        self._change = database.prepare(_CHANGE)

    async def find(self, purpose_id: str, now: int) -> Purpose | None:
        """As it stands, at most a second old."""
        return await self._load(purpose_id)

    async def _load(self, purpose_id: str) -> Purpose | None:
        rows = await self._database.read(self._find, the_purpose=purpose_id)
        return Purpose.model_validate_json(rows[0]["purpose_json"]) if rows else None

    async def apply(self, declared: Iterable[Purpose], now: int) -> Sequence[Purpose]:
        """Make it so; what is so already is left alone. The purposes that were written.

        Raises ``Unchanged`` or ``Conflict`` if another does the same at this moment.
        """
        written = []
        for purpose in declared:
            current = await self._load(purpose.purpose_id)
            new = purpose if current is None else succeed(current, purpose)
            if new != current:
                await self._database.commit(*self._writes(current, new, now))
                written.append(new)
        return written

    def _writes(self, current: Purpose | None, new: Purpose, now: int) -> Sequence[Write]:
        applied = PurposeApplied(
            event_id=new_id(now),
            purpose_id=new.purpose_id,
            purpose_version=new.version,
            change="added" if current is None else "changed",
        )
        event = self._ledger.insert(applied, now)
        text = new.model_dump_json()
        if current is None:
            row = {
                "purpose_id": new.purpose_id,
                "version": new.version,
                "purpose_json": text,
                "changed_at": now,
            }
            return Write(self._insert, row), event
        values = {
            "the_purpose": new.purpose_id,
            "old_version": current.version,
            "new_version": new.version,
            "new_json": text,
            "now": now,
        }
        return Write(self._change, values, must_change=True), event


def succeed(current: Purpose, declared: Purpose) -> Purpose:
    """What was declared, with the version that it has or gets."""
    version = current.version + is_material(current, declared)
    return declared.model_copy(update={"version": version})
