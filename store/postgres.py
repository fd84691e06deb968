"""PostgreSQL, for installations of more than one server.

Commits are serializable, as they are where there is one writer: what a statement saw to be
true is still true when it is committed. One that lost a race is run again, for it is a value.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Self, cast

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.sql.base import Executable

from store.connections import Connections
from store.database import Conflict, Found, Prepared, Violation, Write, changed, storable
from store.schema import Literals, prepared

CONNECTIONS = 16
_BEGIN = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"


class Compiler(Literals, postgresql.PGCompiler_asyncpg):
    pass


DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it none
DIALECT.statement_compiler = Compiler


class PostgresDatabase:
    """``Database``, for as many processes as there are. Opened with ``async with``."""

    def __init__(self, url: str, *, patience: float) -> None:
        self._connections = Connections(
            url, most=CONNECTIONS, patience=patience, default_transaction_read_only="on"
        )
        self._under_way: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._connections.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._connections.__aexit__()

    def durable(self) -> bool:
        return True  # the server says so at each commit

    def prepare(self, statement: Executable) -> Prepared:
        return prepared(statement, DIALECT)

    async def read(self, statement: Prepared, **values: Any) -> Sequence[Found]:
        arguments = in_order(statement, values)

        async def fetch(connection: asyncpg.Connection) -> Sequence[Found]:
            return cast("Sequence[Found]", await connection.fetch(statement.sql, *arguments))

        return await self._connections.run(fetch)

    async def commit(self, *writes: Write, meanwhile: Callable[[], None] | None = None) -> None:
        """A caller who goes away while it is under way does not stop it half way."""
        rows = [(write, in_order(write.statement, write.values)) for write in writes]
        task = asyncio.create_task(self._connections.run(partial(commit_rows, rows=rows)))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        if meanwhile is not None:
            await asyncio.sleep(0)  # so that it has begun
            meanwhile()
        await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        task.exception()  # its caller may have gone; asked for, it is not reported as lost


Row = tuple[Write, Sequence[Any]]


def in_order(statement: Prepared, values: Any) -> Sequence[Any]:
    """The arguments as the statement counts them."""
    arguments = [values[name] for name in statement.names]
    storable(arguments)
    return arguments


async def commit_rows(connection: asyncpg.Connection, rows: Sequence[Row]) -> None:
    """Until it is decided, or patience ends: a transaction that another crossed starts again."""
    while True:
        try:
            return await attempt(connection, rows)
        except asyncpg.TransactionRollbackError:
            continue
        except asyncpg.UniqueViolationError as taken:
            raise Conflict(taken.constraint_name) from None  # its detail quotes the row
        except asyncpg.IntegrityConstraintViolationError as broken:
            raise Violation(broken.constraint_name or broken.column_name) from None


async def attempt(connection: asyncpg.Connection, rows: Sequence[Row]) -> None:
    await connection.execute(_BEGIN)
    try:
        for write, arguments in rows:
            status = await connection.execute(write.statement.sql, *arguments)
            changed(write, int(status.rpartition(" ")[2]))
        await connection.execute("COMMIT")
    except Exception:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.execute("ROLLBACK")
        raise
