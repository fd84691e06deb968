"""Sealing anew, under the data key of now, what older ones have sealed: K-17.

A batch is one small commit and changes only what is still as it was read: so it may be stopped at
any moment, begun again anywhere, and done by several at once, while the program runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keys.box import Unsealable
from keys.data_keys.columns import SealedColumn
from keys.vault import Vault
from store.database import Database, Found, Prepared, Write


@dataclass(slots=True)
class Passed:
    """What a walk over all columns has met so far. ``broken``: what opens with no key there is."""

    resealed: int = 0
    broken: int = 0
    done: bool = False


class Reseal:
    """One walk at a time; it begins again once it has come to the end."""

    def __init__(self, database: Database, vault: Vault, columns: Sequence[SealedColumn]) -> None:
        self._database = database
        self._vault = vault
        self._columns = [
            (column, database.prepare(column.some()), database.prepare(column.swap()))
            for column in columns
        ]
        self._at, self._after = 0, ""
        self._passed = Passed()

    async def step(self) -> Passed:
        """One batch. What is told at the end of a walk is of all of it."""
        column, some, swap = self._columns[self._at]
        head = self._vault.making
        rows = await self._rows(column, some, head, self._after)
        await self._reseal(column, swap, rows)
        if rows:
            self._after = rows[-1]["key"]
            return self._passed
        self._at, self._after = (self._at + 1) % len(self._columns), ""
        passed = self._passed
        if not self._at:
            passed.done, self._passed = True, Passed()
        return passed

    async def left(self) -> dict[str, int]:
        """By column, how much is not under the data key of now."""
        return {column.name: await self._count(column, some) for column, some, _ in self._columns}

    async def _count(self, column: SealedColumn, some: Prepared) -> int:
        count, after = 0, ""
        while rows := await self._rows(column, some, self._vault.making, after):
            count += sum(self._is_old(column, row) for row in rows)
            after = rows[-1]["key"]
        return count

    async def _rows(
        self, column: SealedColumn, some: Prepared, head: bytes, after: str
    ) -> Sequence[Found]:
        return await self._database.read(some, after=after, **column.values(head))

    async def _reseal(self, column: SealedColumn, swap: Prepared, rows: Sequence[Found]) -> None:
        writes = []
        for row in rows:
            if not self._is_old(column, row):
                continue
            try:
                anew = self._anew(column, row)
            except Unsealable:
                self._passed.broken += 1
                continue
            changed = {"this_key": row["key"], "was": row["value"], "instead": anew}
            writes.append(Write(swap, changed))
        if writes:
            await self._database.commit(*writes)
            self._passed.resealed += len(writes)

    def _is_old(self, column: SealedColumn, row: Found) -> bool:
        sealed = column.sealed(row["value"])
        return bool(sealed) and not sealed.startswith(self._vault.making)

    def _anew(self, column: SealedColumn, row: Found) -> str | bytes:
        place = column.place(row["key"])
        plain = self._vault.open(column.sealed(row["value"]), place)
        return column.instead(row["value"], self._vault.seal(plain, place))
