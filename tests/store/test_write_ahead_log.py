"""Nobody is told of a commit before the disk has it."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from store.database import Conflict, Prepared, Unavailable, Write
from store.sqlite import SqliteDatabase
from store.sqlite_file import connect
from store.write_ahead_log import ENOUGH

pytestmark = pytest.mark.anyio
PUT = Prepared("INSERT INTO thing VALUES (:name)", ("name",))
PATIENCE = 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with closing(connect(tmp_path / "db", 1)) as connection:
        connection.execute("CREATE TABLE thing (name TEXT PRIMARY KEY)")
    return tmp_path / "db"


@pytest.fixture
def database(file: Path) -> Iterator[SqliteDatabase]:
    with closing(SqliteDatabase(file, patience=PATIENCE)) as opened:
        yield opened


def put(name: str) -> Write:
    return Write(PUT, {"name": name})


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM thing ORDER BY name")]


async def test_a_commit_is_acknowledged_once_the_log_is_flushed_and_not_before(
    file: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushing, flushed, flush = Event(), Event(), os.fdatasync

    def slowly(number: int) -> None:
        assert Path(f"/proc/self/fd/{number}").readlink() == file.with_name("db-wal")
        flushing.set()
        flushed.wait()
        flush(number)

    monkeypatch.setattr(os, "fdatasync", slowly)
    commit = asyncio.create_task(database.commit(put("a")))
    await asyncio.to_thread(flushing.wait)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not commit.done()
    assert names(file) == ["a"], "it waits for nothing but the disk"
    flushed.set()
    await commit


async def test_after_a_failed_flush_nothing_is_acknowledged_any_more(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.commit(put("a"))

    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fdatasync", broken)
        outcomes = await asyncio.gather(
            database.commit(put("b")), database.commit(put("a")), return_exceptions=True
        )
    # the first is lost; of the second what is known is said
    assert [type(it) for it in outcomes] == [Unavailable, Conflict]
    with pytest.raises(Unavailable, match="earlier"):
        await database.commit(put("c"))


async def test_a_log_that_cannot_be_opened_is_opened_again(
    file: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as full:
        full.setattr(os, "open", broken)
        with pytest.raises(Unavailable, match="open files"):
            await database.commit(put("a"))
    await database.commit(put("b"))
    assert names(file) == ["a", "b"], "nobody knew of the first, and it is kept"


async def test_the_log_does_not_grow_for_ever(file: Path, database: SqliteDatabase) -> None:
    log = file.with_name("db-wal")
    sizes = []
    for turn in range(6):
        for part in range(10):
            rows = [put(f"{turn}.{part}.{n:04}") for n in range(ENOUGH // 10)]
            await database.commit(*rows)
        sizes.append(log.stat().st_size)
    assert sizes[-1] <= 2 * sizes[0]
    assert len(names(file)) == 6 * ENOUGH // 10 * 10
