"""The one-time store in PostgreSQL: an unlogged table, where there is no Redis.

Unlogged: a crash of the server empties it, and losing it is allowed. The migrations make it.
"""

from collections.abc import Sequence
from functools import cache
from itertools import count
from re import sub
from typing import Any, Self

import asyncpg

from store.connections import Connections
from store.micros import Clock
from store.one_time_sql import SqlOneTime

CONNECTIONS = 8

TABLE = """
CREATE UNLOGGED TABLE one_time (
    key TEXT PRIMARY KEY, value BYTEA NOT NULL, uses BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX ix_one_time_expires_at ON one_time (expires_at)
"""


class PostgresOneTime(SqlOneTime):
    """On a few connections of its own."""

    def __init__(self, url: str, clock: Clock, *, patience: float) -> None:
        super().__init__(clock)
        self._connections = Connections(
            url, most=CONNECTIONS, patience=patience, synchronous_commit="off"
        )

    async def __aenter__(self) -> Self:
        await self._connections.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.__aexit__()

    async def _run(self, statement: str, *values: str | bytes | int) -> Sequence[Any]:
        async def fetch(connection: asyncpg.Connection) -> Sequence[Any]:
            rows: Sequence[Any] = await connection.fetch(_numbered(statement), *values)
            return rows

        return await self._connections.run(fetch)


@cache
def _numbered(statement: str) -> str:
    """PostgreSQL counts its places: ``$1``, ``$2``."""
    places = count(1)
    return sub(r"\?", lambda _: f"${next(places)}", statement)
