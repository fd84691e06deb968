"""Connections to PostgreSQL: a few, shared, and nobody waits longer than ``patience``.

A connection that was lost is replaced when the next caller asks, so it heals alone.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self, TypeVar

import asyncpg

from store.database import Unavailable

_CLOSED = re.compile("closed|closing")
T = TypeVar("T")
Work = Callable[[asyncpg.Connection], Awaitable[T]]

_GONE = (
    OSError,  # TimeoutError is one
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, statement_timeout
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)


class Connections:
    """Opened with ``async with``; connects when first asked, so the server may come later."""

    def __init__(self, url: str, *, most: int, patience: float, **settings: str) -> None:
        self._url = url
        self._most = most
        self._patience = patience
        self._settings: Mapping[str, str] = {
            "application_name": "motcua",
            "jit": "off",  # statements are short
            "statement_timeout": str(int(patience * 1000)),
            **settings,
        }

    async def __aenter__(self) -> Self:
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._most,
            reset=_nothing,
            statement_cache_size=1000,
            max_cached_statement_lifetime=0,
            server_settings=self._settings,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def run(self, work: Work[T]) -> T:
        """Lend one connection to ``work``, for as long as patience lasts; else ``Unavailable``."""
        with _said():
            async with asyncio.timeout(self._patience), self._pool.acquire() as connection:
                try:
                    return await work(connection)
                except asyncio.CancelledError:
                    connection.terminate()  # its state is anybody's guess
                    raise


async def _nothing(_: asyncpg.Connection) -> None:
    """Connections come back clean; the usual reset would cost a round trip."""


@contextmanager
def _said() -> Iterator[None]:
    """The driver's words in ours."""
    try:
        yield
    except _GONE as cause:
        raise Unavailable(f"{type(cause).__name__}: {cause}") from cause
    except asyncpg.InterfaceError as cause:
        if not _CLOSED.search(str(cause)):
            raise  # a fault of ours
        raise Unavailable(str(cause)) from cause
