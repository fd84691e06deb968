"""The verbs of the one-time store in SQL: one short statement each, the same for every database."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from store.micros import Clock
from store.one_time import BATCH, Taken

_PUT = """
INSERT INTO one_time (key, value, uses, expires_at) VALUES (?, ?, 0, ?)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, uses = 0, expires_at = excluded.expires_at
"""
_PEEK = "SELECT value FROM one_time WHERE key = ? AND uses = 0 AND expires_at > ?"
_TAKE = """
UPDATE one_time SET uses = uses + 1 WHERE key = ? AND expires_at > ? RETURNING value, uses
"""
_CLAIM = """
INSERT INTO one_time (key, value, uses, expires_at) VALUES (?, ?, 0, ?)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, uses = 0, expires_at = excluded.expires_at
WHERE one_time.expires_at <= ?
RETURNING key
"""
_SWEEP = """
DELETE FROM one_time
WHERE key IN (SELECT key FROM one_time WHERE expires_at <= ? LIMIT ?)
RETURNING key
"""


class SqlOneTime(ABC):
    """``OneTime``, with the clock of whoever opens it with ``async with``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def put(self, key: str, value: bytes, *, ttl: int) -> None:
        await self._run(_PUT, key, value, self._clock() + ttl)

    async def peek(self, key: str) -> bytes | None:
        rows = await self._look(_PEEK, key, self._clock())
        return rows[0]["value"] if rows else None

    async def take(self, key: str) -> Taken | None:
        rows = await self._run(_TAKE, key, self._clock())
        return Taken(rows[0]["value"], rows[0]["uses"] == 1) if rows else None

    async def claim(self, key: str, *, ttl: int) -> bool:
        now = self._clock()
        return bool(await self._run(_CLAIM, key, b"", now + ttl, now))

    async def sweep(self, now: int) -> int:
        """Forget a batch of what has expired; how many there were."""
        return len(await self._run(_SWEEP, now, BATCH))

    async def _look(self, statement: str, *values: str | bytes | int) -> Sequence[Any]:
        """As ``_run``, of a statement that changes nothing."""
        return await self._run(statement, *values)

    @abstractmethod
    async def _run(self, statement: str, *values: str | bytes | int) -> Sequence[Any]:
        """All rows, by column. Each ``?`` stands for the next value."""
