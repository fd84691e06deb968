"""A database that is locked, gone or hangs: said quickly, nothing half done, and it heals."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from store.database import Database, Prepared, Unavailable, Write
from store.postgres import CONNECTIONS, PostgresDatabase
from store.sqlite import SqliteDatabase
from tests import servers
from tests.conftest import execute

pytestmark = pytest.mark.anyio
PATIENCE = 1.0
SOON = 10  # seconds; only ends a test that would hang
TABLE = "CREATE TABLE thing (name VARCHAR PRIMARY KEY)"


def put(database: Database, name: str) -> Write:
    return Write(database.prepare(text("INSERT INTO thing VALUES (:name)")), {"name": name})


async def names(database: Database) -> list[str]:
    rows = await database.read(database.prepare(text("SELECT name FROM thing ORDER BY name")))
    return [row["name"] for row in rows]


async def unavailable(asked: Awaitable[object]) -> None:
    async with asyncio.timeout(SOON):
        with pytest.raises(Unavailable):
            await asked


@pytest.fixture
async def sqlite_file(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute(TABLE)
    return tmp_path / "db"


async def test_a_locked_file_is_unavailable_for_commits_and_can_be_read(sqlite_file: Path) -> None:
    async with SqliteDatabase(sqlite_file, patience=PATIENCE) as database:
        with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            asked = asyncio.gather(*(database.commit(put(database, name)) for name in "ab"))
            assert await names(database) == []
            await unavailable(asked)
            rival.execute("ROLLBACK")
        await database.commit(put(database, "c"))
        assert await names(database) == ["c"]


async def test_a_file_that_another_keeps_for_itself_is_not_opened(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as rival:
        rival.execute("PRAGMA locking_mode=EXCLUSIVE")
        rival.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable):
            SqliteDatabase(sqlite_file, patience=PATIENCE)


async def test_a_full_disk_is_unavailable(sqlite_file: Path) -> None:
    async with SqliteDatabase(sqlite_file, patience=PATIENCE) as database:
        full = Write(Prepared("PRAGMA max_page_count=1", ()), {})
        await database.commit(full)
        await unavailable(database.commit(put(database, "x" * 100_000)))
        await database.commit(Write(Prepared("PRAGMA max_page_count=1000000", ()), {}))
        await database.commit(put(database, "a"))
        assert await names(database) == ["a"]


@pytest.fixture(scope="module")
def mistreated() -> Iterator[servers.Server]:
    with servers.postgres() as server:
        asyncio.run(execute(url(server), TABLE))
        yield server


@pytest.fixture
def server(mistreated: servers.Server) -> servers.Server:
    """Running, and the table is empty."""
    asyncio.run(execute(url(mistreated), "DELETE FROM thing"))
    return mistreated


def url(server: servers.Server) -> str:
    return f"postgresql://motcua@127.0.0.1:{server.port}/postgres"


async def test_a_server_that_hangs_or_is_gone_is_unavailable_and_heals(
    server: servers.Server,
) -> None:
    async with PostgresDatabase(url(server), patience=PATIENCE) as database:
        await database.commit(put(database, "a"))
        server.freeze()
        await unavailable(database.commit(put(database, "frozen")))
        await unavailable(names(database))
        server.thaw()
        assert "a" in await names(database)
        server.stop()
        await unavailable(database.commit(put(database, "gone")))
        await unavailable(names(database))
        server.start()
        await database.commit(put(database, "b"))
        kept = await names(database)
        assert {"a", "b"} <= set(kept) <= {"a", "b", "frozen"}  # nobody knows about that one


async def test_a_server_that_comes_later_is_awaited(server: servers.Server) -> None:
    server.stop()
    async with PostgresDatabase(url(server), patience=PATIENCE) as database:
        await unavailable(names(database))
        server.start()
        assert await names(database) == []


async def test_connections_that_were_cut_are_replaced(server: servers.Server) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    async with PostgresDatabase(url(server), patience=5) as database:
        await asyncio.gather(*(names(database) for _ in range(5)))
        await execute(url(server), cut)
        await asyncio.sleep(0.1)  # until the ends of the connections have come in
        await asyncio.gather(*(names(database) for _ in range(5)))


@asynccontextmanager
async def locked(server: servers.Server) -> AsyncIterator[None]:
    """A rival has inserted "a" and thinks it over."""
    rival = await asyncpg.connect(url(server))
    try:
        await rival.execute("BEGIN; INSERT INTO thing VALUES ('a')")
        yield
        await rival.execute("ROLLBACK")
    finally:
        await rival.close()


async def test_a_row_that_stays_locked_is_unavailable(server: servers.Server) -> None:
    async with PostgresDatabase(url(server), patience=PATIENCE) as database:
        async with locked(server):
            await unavailable(database.commit(put(database, "a"), put(database, "b")))
        assert await names(database) == []
        await database.commit(put(database, "a"))


async def test_when_all_connections_wait_the_next_one_waits_no_longer_than_they(
    server: servers.Server,
) -> None:
    async with PostgresDatabase(url(server), patience=PATIENCE) as database:
        async with locked(server):
            waiting = [
                asyncio.create_task(database.commit(put(database, "a")))
                for _ in range(2 * CONNECTIONS)
            ]
            await asyncio.sleep(0)
            await unavailable(asyncio.gather(*waiting))
            results = await asyncio.gather(*waiting, return_exceptions=True)
            assert {type(result) for result in results} == {Unavailable}
        await database.commit(put(database, "a"))
        assert await names(database) == ["a"]


async def test_a_wrong_statement_is_no_outage(server: servers.Server) -> None:
    async with PostgresDatabase(url(server), patience=PATIENCE) as database:
        wrong = database.prepare(text("SELECT nothing FROM nowhere"))
        with pytest.raises(asyncpg.UndefinedTableError):
            await database.read(wrong)
