"""What a database promises, kept by each engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, literal, select, text, update
from sqlmodel import Field

from store.database import (
    Conflict,
    Database,
    Unavailable,
    Unchanged,
    Unstorable,
    Violation,
    Write,
)
from store.schema import Row, micros, table
from tests.conftest import OpenDatabase
from tests.store.races import RACERS, race


class ThingRow(Row, table=True):
    __tablename__ = "thing"

    name: str = Field(primary_key=True)
    number: int = micros(default=0)
    body: bytes | None = None


class PartRow(Row, table=True):
    __tablename__ = "part"

    name: str = Field(primary_key=True, foreign_key="thing.name")


THING, PART = table(ThingRow), table(PartRow)


def put(
    database: Database, name: str | None, number: int | None = 0, body: bytes | None = None
) -> Write:
    return Write(database.prepare(insert(THING)), {"name": name, "number": number, "body": body})


def count_up(database: Database, name: str, *, seen: int) -> Write:
    """Only if nobody has counted since."""
    statement = (
        update(THING)
        .where(THING.c.name == bindparam("the_name"), THING.c.number == bindparam("seen"))
        .values(number=THING.c.number + 1)
    )
    return Write(database.prepare(statement), {"the_name": name, "seen": seen}, must_change=True)


async def rows(database: Database) -> list[dict[str, Any]]:
    found = await database.read(database.prepare(select(THING).order_by(THING.c.name)))
    return [dict(row) for row in found]


async def names(database: Database) -> list[str]:
    return [row["name"] for row in await rows(database)]


@pytest.mark.anyio
async def test_a_commit_is_read_at_once(database: Database) -> None:
    for name in "abc":
        await database.commit(put(database, name))
        assert (await names(database))[-1] == name


@pytest.mark.anyio
async def test_all_or_none(database: Database) -> None:
    await database.commit(put(database, "a"))
    with pytest.raises(Conflict):
        await database.commit(put(database, "b"), put(database, "a"))
    with pytest.raises(Unchanged):
        await database.commit(put(database, "c"), count_up(database, "a", seen=7))
    assert await names(database) == ["a"]


@pytest.mark.anyio
async def test_what_there_is_to_do_meanwhile_is_done_once(database: Database) -> None:
    done: list[str] = []
    await database.commit(put(database, "a"), meanwhile=lambda: done.append("first"))
    with pytest.raises(Conflict):
        await database.commit(put(database, "a"), meanwhile=lambda: done.append("second"))
    assert done == ["first", "second"]


@pytest.mark.anyio
async def test_one_requests_failure_harms_no_other(database: Database) -> None:
    nonsense = Write(database.prepare(text("INSERT INTO nothing VALUES (1)")), {})
    part = Write(database.prepare(insert(PART)), {"name": "of nothing"})
    results = await asyncio.gather(
        database.commit(put(database, "a"), put(database, "b")),
        database.commit(put(database, "a1"), put(database, "a1")),
        database.commit(put(database, "a2"), count_up(database, "none", seen=0)),
        database.commit(put(database, "a3"), put(database, None)),
        database.commit(put(database, "a4"), part),
        database.commit(put(database, "a5"), nonsense),
        database.commit(put(database, "c"), count_up(database, "c", seen=0)),
        return_exceptions=True,
    )
    assert [type(result) for result in results[:5]] == [
        type(None),
        Conflict,
        Unchanged,
        Violation,
        Violation,
    ]
    assert isinstance(results[5], Exception)
    assert results[6] is None
    assert await names(database) == ["a", "b", "c"]


@pytest.mark.anyio
async def test_what_an_error_says_quotes_no_value(database: Database) -> None:
    await database.commit(put(database, "Ada"))
    for write in (put(database, "Ada"), put(database, "Lovelace", None)):
        with pytest.raises((Conflict, Violation)) as refused:
            await database.commit(write)
        assert "Ada" not in str(refused.value)
        assert "Lovelace" not in str(refused.value)


def warm(open_database: OpenDatabase) -> OpenDatabase:
    """Doors behind which the connection stands, so that racers start from one line."""

    @asynccontextmanager
    async def door() -> AsyncIterator[Database]:
        async with open_database() as database:
            await names(database)
            yield database

    return door


def test_of_thirty_racing_inserts_one_is_first(open_database: OpenDatabase) -> None:
    async def insert_it(database: Database, number: int) -> str:
        try:
            await database.commit(put(database, f"own {number}"), put(database, "the one"))
        except Conflict:
            return "late"
        return "first"

    assert sorted(race(warm(open_database), insert_it)) == ["first"] + ["late"] * (RACERS - 1)
    assert asyncio.run(count_rows(open_database)) == 2


def test_of_thirty_racing_conditional_updates_one_changes_it(open_database: OpenDatabase) -> None:
    async def count(database: Database, number: int) -> bool:
        try:
            await database.commit(count_up(database, "it", seen=0))
        except Unchanged:
            return False
        return True

    asyncio.run(fill(open_database, "it"))
    assert race(warm(open_database), count).count(True) == 1


def test_a_condition_still_holds_when_it_is_committed(open_database: OpenDatabase) -> None:
    """Each inserts itself only while there is no other: without order among commits, two would."""
    nobody = ~select(THING.c.name).exists()
    columns = [column.name for column in THING.c]
    me = (bindparam("me", type_=THING.c.name.type), literal(0), literal(None))
    alone = insert(THING).from_select(columns, select(*me).where(nobody))

    async def be_alone(database: Database, number: int) -> bool:
        write = Write(database.prepare(alone), {"me": f"racer {number}"}, must_change=True)
        try:
            await database.commit(write)
        except Unchanged:
            return False
        return True

    assert race(warm(open_database), be_alone).count(True) == 1
    assert asyncio.run(count_rows(open_database)) == 1


async def count_rows(open_database: OpenDatabase) -> int:
    async with open_database() as database:
        return len(await rows(database))


async def fill(open_database: OpenDatabase, *filled: str) -> None:
    async with open_database() as database:
        await database.commit(*(put(database, name) for name in filled))


@pytest.mark.anyio
async def test_values_come_back_as_they_were(database: Database) -> None:
    values: list[dict[str, Any]] = [
        {"name": "", "number": 0, "body": None},
        {"name": "a", "number": 2**63 - 1, "body": b""},
        {"name": "b", "number": -(2**63), "body": bytes(range(256))},
        {"name": "c'\";--", "number": 1, "body": b"x"},
        {"name": "Đặng Thị Hồng \U0001f1fb\U0001f1f3\ufffe", "number": 2, "body": "é".encode()},
    ]
    await database.commit(*(put(database, **value) for value in values))
    found = await rows(database)
    assert sorted(found, key=lambda row: str(row["name"])) == sorted(
        values, key=lambda row: row["name"]
    )


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["a\0b", "\0", "\ud800", "x\udfff"], ids=ascii)
async def test_a_text_that_no_column_holds_is_refused(database: Database, name: str) -> None:
    with pytest.raises(Unstorable):
        await database.commit(put(database, "a"), put(database, name))
    by_name = database.prepare(select(THING).where(THING.c.name == bindparam("name")))
    with pytest.raises(Unstorable):
        await database.read(by_name, name=name)
    assert await names(database) == []


@pytest.mark.anyio
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
async def test_a_number_past_64_bits_is_refused(database: Database, number: int) -> None:
    with pytest.raises(Unstorable):
        await database.commit(put(database, "a", number))
    assert await names(database) == []


@pytest.mark.anyio
async def test_what_a_statement_was_built_with_is_written_in_it(database: Database) -> None:
    await database.commit(*(put(database, name, number) for number, name in enumerate("abc")))
    chosen = select(THING.c.name).where(THING.c.name.in_(["a", "b", "it's"]), THING.c.number > 0)
    statement = database.prepare(chosen.limit(5))
    assert statement.names == ()
    assert [row["name"] for row in await database.read(statement)] == ["b"]


@pytest.mark.anyio
async def test_what_cannot_be_prepared_is_refused_at_start(database: Database) -> None:
    with pytest.raises(TypeError):
        database.prepare(select(THING).where(THING.c.name.in_(bindparam("names", expanding=True))))
    with pytest.raises(TypeError):
        database.prepare(select(THING).where(THING.c.body == b"bytes"))


@pytest.mark.anyio
async def test_reading_cannot_write(database: Database) -> None:
    statement = database.prepare(insert(THING).returning(THING.c.name))
    with pytest.raises(Exception):  # noqa: B017, PT011  a fault of ours: each engine says it its way
        await database.read(statement, name="a", number=0, body=None)
    assert await names(database) == []


@pytest.mark.anyio
async def test_one_who_gives_up_waiting_neither_loses_nor_doubles(
    open_database: OpenDatabase,
) -> None:
    """Cancelled after 0, 1, 2 ... turns of the loop: what was begun is done, once."""
    async with open_database() as database:
        for turns in range(20):
            task = asyncio.create_task(
                database.commit(put(database, f"{turns:02}a"), put(database, f"{turns:02}b"))
            )
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await database.commit(put(database, "last"))
    async with open_database() as database:
        kept = await names(database)
    assert kept[-1] == "last"
    begun = {name[:2] for name in kept[:-1]}
    assert kept[:-1] == [f"{turn}{half}" for turn in sorted(begun) for half in "ab"]
    assert len(begun) >= 19  # the first was cancelled before it began


@pytest.mark.anyio
async def test_a_hundred_at_once_are_all_kept(database: Database) -> None:
    await asyncio.gather(*(database.commit(put(database, f"{n:03}")) for n in range(100)))
    assert len(await rows(database)) == 100


@pytest.mark.anyio
async def test_a_database_that_was_closed_is_unavailable(open_database: OpenDatabase) -> None:
    async with open_database() as database:
        waiting = asyncio.create_task(database.commit(put(database, "a")))
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await waiting
    with pytest.raises(Unavailable):
        await database.commit(put(database, "b"))
    async with open_database() as again:
        assert await names(again) == ["a"]
