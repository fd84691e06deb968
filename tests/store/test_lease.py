"""A lease has one holder, until it runs out."""

import asyncio

import pytest

from store.database import Database
from store.lease import Leases
from store.micros import MINUTE
from tests.conftest import OpenDatabase
from tests.store.races import race

NOON = 1_000 * MINUTE


@pytest.mark.anyio
async def test_it_is_held_by_one_until_it_runs_out(database: Database) -> None:
    leases = Leases(database)
    assert await leases.hold("work", "a", NOON, MINUTE)
    assert not await leases.hold("work", "b", NOON + MINUTE - 1, MINUTE)
    assert await leases.hold("work", "b", NOON + MINUTE, MINUTE)
    assert not await leases.hold("work", "a", NOON + MINUTE, MINUTE)


@pytest.mark.anyio
async def test_its_holder_keeps_it_by_asking_again(database: Database) -> None:
    leases = Leases(database)
    assert await leases.hold("work", "a", NOON, MINUTE)
    assert await leases.hold("work", "a", NOON + MINUTE - 1, MINUTE)
    assert not await leases.hold("work", "b", NOON + MINUTE, MINUTE)


@pytest.mark.anyio
async def test_another_work_is_another_lease(database: Database) -> None:
    leases = Leases(database)
    assert await leases.hold("work", "a", NOON, MINUTE)
    assert await leases.hold("other work", "b", NOON, MINUTE)


@pytest.mark.parametrize("now", [NOON, NOON + MINUTE], ids=["held by nobody", "run out"])
def test_of_thirty_who_race_for_it_one_is_the_holder(open_database: OpenDatabase, now: int) -> None:
    async def hold_before() -> None:
        async with open_database() as database:
            await Leases(database).hold("work", "the last one", now - MINUTE, MINUTE)

    async def hold(database: Database, number: int) -> bool:
        return await Leases(database).hold("work", f"racer {number}", now, MINUTE)

    if now > NOON:
        asyncio.run(hold_before())
    assert race(open_database, hold).count(True) == 1
