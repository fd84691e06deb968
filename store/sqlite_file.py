"""How a SQLite file is opened, and how the event loop waits for it without standing still."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from store.database import NoDatabase, Unavailable, unavailable_if

_AGAIN = 0.002  # seconds


def connect(path: Path, patience: float, *, synchronous: str = "FULL") -> sqlite3.Connection:
    """Opened here, then used by one thread alone: the event loop's or the writer's.

    Raises ``Unavailable`` and ``NoDatabase``.
    """
    with unavailable_if(OSError):
        make_private(path)
    with unavailable_if(sqlite3.OperationalError):
        connection = sqlite3.connect(
            path,
            timeout=patience,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=500,
        )
    connection.row_factory = sqlite3.Row
    try:
        _write_ahead(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise NoDatabase(f"{path.name} is no database, or a broken one") from error
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA temp_store=MEMORY")  # pages to go back to are no files of their own
    return connection


def make_private(path: Path) -> None:
    """A new file is readable by us alone; what SQLite puts beside it takes after it."""
    path.touch(mode=0o600, exist_ok=True)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Of all statements this one does not wait for others that open a new file: ask again."""
    for _ in range(100):
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        with unavailable_if(sqlite3.OperationalError):
            connection.execute("BEGIN IMMEDIATE")  # this one waits
            connection.execute("ROLLBACK")
    raise Unavailable("the file stays locked")


class OnLoop:
    """A connection for the event loop: statements are short, and a locked file is asked again."""

    def __init__(self, connection: sqlite3.Connection, patience: float) -> None:
        connection.execute("PRAGMA busy_timeout=0")
        self._connection = connection
        self._patience = patience

    def close(self) -> None:
        self._connection.close()

    async def run(self, sql: str, values: Any) -> Sequence[Any]:
        """All rows; ``Unavailable`` if the file stays locked or cannot be read."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise  # the statement is wrong: a fault of ours
        return await self._again(sql, values)

    async def _again(self, sql: str, values: Any) -> Sequence[sqlite3.Row]:
        loop = asyncio.get_running_loop()
        latest = loop.time() + self._patience
        while True:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or loop.time() > latest:
                    raise Unavailable(str(error)) from error
            await asyncio.sleep(_AGAIN)
