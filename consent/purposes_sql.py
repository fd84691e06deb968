"""Purposes in SQL. The row is an envelope; ``Purpose`` is the only description inside."""

from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from clients.declared import Applied, Change, Step, make_so
from consent.material import is_material
from consent.purposes import Purpose
from consent.rows import PURPOSE
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import PurposeApplied
from store.cache import Cached
from store.database import Database, Write

_FIND = select(PURPOSE).where(PURPOSE.c.purpose_id == bindparam("the_purpose"))
_INSERT = insert(PURPOSE)
_CHANGE = (
    update(PURPOSE)
    .where(
        PURPOSE.c.purpose_id == bindparam("the_purpose"),
        PURPOSE.c.purpose_json == bindparam("old_json"),
    )
    .values(
        version=bindparam("new_version"),
        purpose_json=bindparam("new_purpose_json"),
        changed_at=bindparam("new_changed_at"),
    )
)

MOST = 2000  # purposes kept in the process


class SqlPurposes:
    """``Purposes``, as the engine and the release ask for them."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._find = database.prepare(_FIND)
        self._insert = database.prepare(_INSERT)
        self._change = database.prepare(_CHANGE)
        self._cached = Cached(self.show, most=MOST)

    def find(self, purpose_id: str, now: int) -> Coroutine[Any, Any, Purpose | None]:
        """As it stood at most a second ago."""
        return self._cached.get(purpose_id, now)

    async def show(self, purpose_id: str) -> Purpose | None:
        """As it stands."""
        text = await self._text(purpose_id)
        return None if text is None else Purpose.model_validate_json(text)

    async def _text(self, purpose_id: str) -> str | None:
        rows = await self._database.read(self._find, the_purpose=purpose_id)
        return rows[0]["purpose_json"] if rows else None

    async def apply(self, declared: Iterable[Purpose], now: int) -> Sequence[Applied]:
        """Make it so, all in one commit; what is so already is left alone. A report of each.

        Raises ``Unavailable`` when others never stop changing the same.
        """
        declared = tuple(declared)
        return await make_so(self._database, lambda: self.steps(declared, now))

    async def steps(self, declared: Iterable[Purpose], now: int) -> Sequence[Step]:
        """What ``apply`` would write."""
        return [await self._step(purpose, now) for purpose in declared]

    async def _step(self, purpose: Purpose, now: int) -> Step:
        old = await self._text(purpose.purpose_id)
        new = succeed(old, purpose)
        if new is None:
            return Step(Applied("purpose", purpose.purpose_id, "unchanged"))
        change: Change = "added" if old is None else "changed"
        said = Applied("purpose", purpose.purpose_id, change)
        return Step(said, self._writes(old, new, change, now))

    def _writes(self, old: str | None, new: Purpose, change: Change, now: int) -> Sequence[Write]:
        applied = PurposeApplied(
            event_id=new_id(now),
            purpose_id=new.purpose_id,
            purpose_version=new.version,
            change=change,
        )
        values = {
            "purpose_id": new.purpose_id,
            "version": new.version,
            "purpose_json": new.model_dump_json(),
            "changed_at": now,
        }
        if old is None:
            return Write(self._insert, values), self._ledger.insert(applied, now)
        to = {f"new_{name}": value for name, value in values.items()}
        this = {"the_purpose": new.purpose_id, "old_json": old}
        return (
            Write(self._change, {**to, **this}, must_change=True),
            self._ledger.insert(applied, now),
        )


def succeed(text: str | None, declared: Purpose) -> Purpose | None:
    """What was declared, with the version that it gets; None, if it is so already."""
    if text is None:
        return declared
    current = Purpose.model_validate_json(text)
    new = declared.model_copy(update={"version": current.version + is_material(current, declared)})
    return None if new == current else new
