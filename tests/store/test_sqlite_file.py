"""Who looks into a SQLite file waits for a turn of the loop, and for nobody's faults."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.sqlite_file import OnLoop, connect

pytestmark = pytest.mark.anyio
PATIENCE = 1.0
SOON = 10  # seconds; only ends a test that would hang
COUNT = "SELECT count(*) FROM thing"
NAMED = "SELECT count(*) FROM thing WHERE name = ?"
PUT = "INSERT INTO thing VALUES (?) RETURNING name"


@pytest.fixture
def rival(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program with the same file."""
    with closing(connect(tmp_path / "db", PATIENCE)) as connection:
        connection.execute("CREATE TABLE thing (name TEXT PRIMARY KEY)")
        yield connection


@pytest.fixture
async def file(rival: sqlite3.Connection, tmp_path: Path) -> AsyncIterator[OnLoop]:
    with closing(OnLoop(connect(tmp_path / "db", PATIENCE), PATIENCE)) as opened:
        yield opened


async def count(file: OnLoop) -> Any:
    return (await file.look(COUNT, ()))[0][0]


async def test_who_looks_sees_what_was_written_until_then(file: OnLoop) -> None:
    looking = asyncio.create_task(count(file))
    await asyncio.sleep(0)
    await file.run(PUT, ("a",))
    assert await looking == 1


@pytest.mark.parametrize(
    ("sql", "value", "fault"),
    [
        ("SELECT nothing WHERE 1 = ?", 1, sqlite3.OperationalError),
        ("SELECT CAST(x'ff' AS TEXT), ?", 1, sqlite3.OperationalError),
        (NAMED, 1 << 64, OverflowError),
        (NAMED, "\ud800", UnicodeEncodeError),
        (NAMED, (), sqlite3.ProgrammingError),
    ],
)
async def test_what_is_wrong_is_the_fault_of_who_asked_alone(
    file: OnLoop, sql: str, value: object, fault: type[Exception]
) -> None:
    wrong = file.look(sql, (value,))
    looking = [count(file), wrong, count(file)]
    async with asyncio.timeout(SOON):
        found: list[Any] = await asyncio.gather(*looking, return_exceptions=True)
    assert (found[0], found[2]) == (0, 0)
    assert isinstance(found[1], fault)
    with pytest.raises(fault):
        await file.run(sql, (value,))


async def test_a_text_that_cannot_be_read_keeps_nothing_open(
    file: OnLoop, rival: sqlite3.Connection
) -> None:
    """Else the write-ahead log could not begin anew, and later looks would see the past."""
    rival.execute(PUT, ("a",)).fetchall()
    with pytest.raises(sqlite3.OperationalError):
        await file.look(
            "SELECT CAST(x'ff' AS TEXT) FROM thing UNION ALL SELECT name FROM thing", ()
        )
    busy, *_ = rival.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy


async def test_who_writes_waits_for_a_file_that_is_locked_and_who_looks_does_not(
    file: OnLoop, rival: sqlite3.Connection
) -> None:
    rival.execute("BEGIN IMMEDIATE")
    writing = [asyncio.create_task(file.run(PUT, (name,))) for name in "ab"]
    assert {*await asyncio.gather(count(file), count(file))} == {0}
    assert not any(it.done() for it in writing)
    rival.execute("ROLLBACK")
    assert [found[0][0] for found in await asyncio.gather(*writing)] == ["a", "b"]
    assert await count(file) == 2


async def test_a_file_that_was_closed_answers_nobody(file: OnLoop) -> None:
    file.close()
    looking = [count(file), file.look(COUNT, ()), file.run(COUNT, ())]
    found = await asyncio.gather(*looking, return_exceptions=True)
    assert [type(it) for it in found] == [sqlite3.ProgrammingError] * 3


async def test_who_gives_up_waiting_is_not_answered(file: OnLoop) -> None:
    gone, here = (asyncio.create_task(file.look(PUT, (name,))) for name in "ab")
    await asyncio.sleep(0)
    gone.cancel()
    async with asyncio.timeout(SOON):
        assert [tuple(row) for row in await here] == [("b",)]
    assert await count(file) == 1


async def test_a_file_that_is_closed_answers_first(file: OnLoop) -> None:
    looking = asyncio.create_task(count(file))
    await asyncio.sleep(0)
    file.close()
    async with asyncio.timeout(SOON):
        assert await looking == 0
