"""Rubbish goes, in batches, by one process at a time; everything else stays."""

import pytest
from sqlalchemy import bindparam, exists, select
from sqlmodel import Field

from store.cleanup import BATCH, LEASE, Cleanup, Rubbish
from store.database import Database, Write
from store.micros import DAY
from store.schema import Row, micros, table

pytestmark = pytest.mark.anyio
NOON = 1_000 * DAY


class StaleRow(Row, table=True):
    """Two columns make its key, as some tables have it."""

    __tablename__ = "stale"

    name: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    ended_at: int | None = micros(default=None, index=True)


STALE = table(StaleRow)
OLD = Rubbish(STALE, "ended_at", keep=DAY)


async def put(database: Database, *times: int | None) -> None:
    insert = database.prepare(STALE.insert())
    await database.commit(
        *(
            Write(insert, {"name": "n", "part": part, "ended_at": at})
            for part, at in enumerate(times)
        )
    )


async def left(database: Database) -> int:
    return len(await database.read(database.prepare(select(STALE))))


async def test_what_is_old_goes_and_what_is_young_or_has_not_ended_stays(
    database: Database,
) -> None:
    await put(database, NOON - DAY, NOON - DAY + 1, None)
    cleanup = Cleanup(database, [OLD])
    assert await cleanup.step("a", NOON)
    assert not await cleanup.step("a", NOON)
    assert await left(database) == 2


async def test_what_something_else_still_needs_stays(database: Database) -> None:
    await put(database, 0, 0, 0)
    other = STALE.alias()
    needs = exists().where(other.c.part == STALE.c.part + 1, other.c.ended_at < bindparam("before"))
    cleanup = Cleanup(database, [Rubbish(STALE, "ended_at", keep=DAY, still_needed=needs)])
    assert [await cleanup.step("a", NOON) for _ in range(4)] == [True, True, True, False]
    assert await left(database) == 0


async def test_many_go_a_batch_at_a_time(database: Database) -> None:
    await put(database, *[0] * (BATCH + 1))
    cleanup = Cleanup(database, [OLD])
    assert [await cleanup.step("a", NOON) for _ in range(3)] == [True, True, False]
    assert await left(database) == 0


async def test_one_process_at_a_time_cleans(database: Database) -> None:
    await put(database, 0)
    idle = Cleanup(database, [])
    await idle.step("a", NOON)
    cleanup = Cleanup(database, [OLD])
    assert not await cleanup.step("b", NOON + LEASE - 1)
    assert await left(database) == 1
    assert await cleanup.step("b", NOON + LEASE)
    assert await left(database) == 0
