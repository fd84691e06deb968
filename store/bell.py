"""A bell that rings when a row of one table was kept: who waits for such rows need not ask.

It is heard in this process only. What must not depend on it asks the table now and then.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.sql.base import Executable

from store.database import Database, Prepared, Write


class Belled:
    """``Database`` around a ``Database``: sets ``bell`` after a commit that inserts there."""

    def __init__(self, inner: Database, to: Table, bell: asyncio.Event) -> None:
        self._inner = inner
        self._to = to
        self._bell = bell
        self._rings: set[str] = set()
        self.read = inner.read
        self.durable = inner.durable

    def prepare(self, statement: Executable) -> Prepared:
        made = self._inner.prepare(statement)
        if isinstance(statement, Insert) and statement.table is self._to:
            self._rings.add(made.sql)
        return made

    def commit(
        self, *writes: Write, meanwhile: Callable[[], None] | None = None
    ) -> Coroutine[Any, Any, None]:
        under_way = self._inner.commit(*writes, meanwhile=meanwhile)
        for write in writes:
            if write.statement.sql in self._rings:
                return self._ringing(under_way)
        return under_way

    async def _ringing(self, under_way: Coroutine[Any, Any, None]) -> None:
        await under_way
        self._bell.set()
