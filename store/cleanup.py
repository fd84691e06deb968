"""Rows that have served their time are deleted, a few at once, by one process at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, bindparam, delete, not_, select, true, tuple_
from sqlalchemy.sql.dml import Delete

from store.database import Database, Unchanged, Write
from store.lease import Leases
from store.micros import MINUTE

BATCH = 500
LEASE = MINUTE


@dataclass(frozen=True, slots=True)
class Rubbish:
    """Rows of ``table`` whose ``column`` is a time at least ``keep`` microseconds ago.

    Rows without a time there are kept, and those that ``still_needed`` spares: a condition that
    may name ``before``. The column has an index.
    """

    table: Table
    column: str
    keep: int
    still_needed: ColumnElement[bool] | None = None

    def delete(self) -> Delete:
        """A batch of them."""
        key = tuple_(*self.table.primary_key.columns)
        old = self.table.c[self.column] <= bindparam("before")
        spared = true() if self.still_needed is None else not_(self.still_needed)
        some = select(*self.table.primary_key.columns).where(old, spared).limit(BATCH)
        return delete(self.table).where(key.in_(some))


class Cleanup:
    def __init__(self, database: Database, rubbish: Sequence[Rubbish]) -> None:
        self._database = database
        self._leases = Leases(database)
        self._deletes = [(database.prepare(each.delete()), each.keep) for each in rubbish]

    async def step(self, holder: str, now: int) -> bool:
        """One batch of each kind, if no other has the lease; true if there may be more."""
        if not await self._leases.hold("cleanup", holder, now, LEASE):
            return False
        more = False
        for statement, keep in self._deletes:
            try:
                write = Write(statement, {"before": now - keep}, must_change=True)
                await self._database.commit(write)
            except Unchanged:
                continue
            more = True
        return more
