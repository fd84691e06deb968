"""The one-time store in PostgreSQL: an unlogged table, where there is no Redis.

Unlogged: a crash of the server empties it, and losing it is allowed. The migrations make it.
"""

from collections.abc import Sequence
from typing import Any, Self

import asyncpg

from store.connections import Connections
from store.micros import Clock
from store.one_time import BATCH, Taken

CONNECTIONS = 8

TABLE = """
CREATE UNLOGGED TABLE one_time (
    key TEXT PRIMARY KEY, value BYTEA NOT NULL, uses BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX ix_one_time_expires_at ON one_time (expires_at)
"""
_PUT = """
INSERT INTO one_time (key, value, uses, expires_at) VALUES ($1, $2, 0, $3)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, uses = 0, expires_at = excluded.expires_at
"""
_PEEK = "SELECT value FROM one_time WHERE key = $1 AND uses = 0 AND expires_at > $2"
_TAKE = """
UPDATE one_time SET uses = uses + 1 WHERE key = $1 AND expires_at > $2 RETURNING value, uses
"""
_CLAIM = """
INSERT INTO one_time (key, value, uses, expires_at) VALUES ($1, '', 0, $2)
ON CONFLICT (key) DO UPDATE SET value = '', uses = 0, expires_at = excluded.expires_at
WHERE one_time.expires_at <= $3
RETURNING key
"""
_SWEEP = """
DELETE FROM one_time
WHERE key IN (SELECT key FROM one_time WHERE expires_at <= $1 LIMIT $2)
RETURNING key
"""


class PostgresOneTime:
    """``OneTime``, with the clock of whoever opens it with ``async with``."""

    def __init__(self, url: str, clock: Clock, *, patience: float) -> None:
        self._connections = Connections(
            url, most=CONNECTIONS, patience=patience, synchronous_commit="off"
        )
        self._clock = clock

    async def __aenter__(self) -> Self:
        await self._connections.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.__aexit__()

    async def put(self, key: str, value: bytes, *, ttl: int) -> None:
        await self._run(_PUT, key, value, self._clock() + ttl)

    async def peek(self, key: str) -> bytes | None:
        rows = await self._run(_PEEK, key, self._clock())
        return rows[0]["value"] if rows else None

    async def take(self, key: str) -> Taken | None:
        rows = await self._run(_TAKE, key, self._clock())
        return Taken(rows[0]["value"], rows[0]["uses"] == 1) if rows else None

    async def claim(self, key: str, *, ttl: int) -> bool:
        now = self._clock()
        return bool(await self._run(_CLAIM, key, now + ttl, now))

    async def sweep(self, now: int) -> int:
        """Forget a batch of what has expired; how many there were."""
        return len(await self._run(_SWEEP, now, BATCH))

    async def _run(self, statement: str, *values: str | bytes | int) -> Any:
        async def fetch(connection: asyncpg.Connection) -> Sequence[Any]:
            rows: Sequence[Any] = await connection.fetch(statement, *values)
            return rows

        return await self._connections.run(fetch)
