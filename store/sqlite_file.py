"""How a SQLite file is opened, and how the event loop waits for it without standing still."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from store.database import NoDatabase, Unavailable, unavailable_if
from store.value import as_value

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


Rows = Sequence[Any]


@as_value()
class Look:
    """A statement that changes nothing; ``found``: its rows, or what was raised."""

    sql: str
    values: Any
    found: asyncio.Future[Rows | Exception]


class OnLoop:
    """A connection for one event loop: statements are short, and a locked file is asked again."""

    def __init__(self, connection: sqlite3.Connection, patience: float) -> None:
        connection.execute("PRAGMA busy_timeout=0")
        self._connection = connection
        self._patience = patience
        self._looks: list[Look] = []

    def close(self) -> None:
        self._answer()
        self._connection.close()

    async def run(self, sql: str, values: Any) -> Rows:
        """All rows; ``Unavailable`` if the file stays locked or cannot be read."""
        found = self._tried(sql, values)
        return await self._again(found, sql, values) if isinstance(found, Exception) else found

    async def look(self, sql: str, values: Any) -> Rows:
        """As ``run``, but in the next turn of the loop, after all that look in this one.

        What runs beside its like runs faster: docs/adr/0033.
        """
        loop = asyncio.get_running_loop()
        if not self._looks:
            loop.call_soon(self._answer)
        look = Look(sql, values, loop.create_future())
        self._looks.append(look)
        found = await look.found
        return await self._again(found, sql, values) if isinstance(found, Exception) else found

    def _answer(self) -> None:
        looks, self._looks = self._looks, []
        for look in looks:
            if not look.found.done():  # else it gave up waiting
                look.found.set_result(self._tried(look.sql, look.values))

    def _tried(self, sql: str, values: Any) -> Rows | Exception:
        """What is raised is returned: it is for who asked, in the task of who asked."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except Exception as error:  # noqa: BLE001  as above
            return error

    async def _again(self, error: Exception, sql: str, values: Any) -> Rows:
        """Until patience ends, unless the statement or a value is wrong: a fault of ours."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + self._patience
        while True:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if not isinstance(error, sqlite3.OperationalError) or code == sqlite3.SQLITE_ERROR:
                raise error
            if code & 0xFF != sqlite3.SQLITE_BUSY or loop.time() > latest:
                raise Unavailable(str(error)) from error
            await asyncio.sleep(_AGAIN)
            found = self._tried(sql, values)
            if not isinstance(found, Exception):
                return found
            error = found
