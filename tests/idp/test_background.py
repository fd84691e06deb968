"""What has served its time is deleted; what may still be asked for is not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from idp.background import RUBBISH, Broom, working
from idp.sessions.lives import LIFE
from idp.sessions.rows import KEPT
from keys.secrets import digest
from store.micros import DAY
from tests.idp.pages.front import at_home
from tests.oidc.front import Browser
from tests.oidc.registering import invited, post
from tests.world import World, open_world

pytestmark = pytest.mark.anyio


def broom(world: World) -> Broom:
    return Broom(world.house.parts.storage, lambda: world.now)


async def test_sessions_grants_and_interactions_go_when_their_time_has_passed(
    world: World, tmp_path: Path
) -> None:
    shop = Browser(world, await at_home(world))
    await shop.tokens()
    await shop.authorize(prompt="login")
    await broom(world).turn()
    assert left(world) == [1, 1]

    world.now += LIFE + KEPT
    assert one_time(tmp_path) > 0
    await broom(world).turn()
    assert left(world) == [0, 0]
    assert one_time(tmp_path) == 0
    assert world.events()[0]["type"] == "SignedIn", "events stay"


async def test_an_invitation_that_is_over_goes_unless_somebody_came_by_it(tmp_path: Path) -> None:
    async with open_world(tmp_path, registration={"mode": "invited"}) as world:
        ends = [world.now + days * DAY for days in (1, 1, 2)]
        used, unused, later = [await invited(world, ends_at=at) for at in ends]
        made = await post(world, token=used)
        world.now += DAY
        await broom(world).turn()

        left = world.rows("SELECT token_digest FROM invite ORDER BY ends_at")
        assert left == [digest(used), digest(later)]
        assert (await post(world, token=used)).status_code == 401
        assert (await post(world, token=unused)).status_code == 401
        assert (await post(world, token=later)).status_code == 201
        there = await world.rp.get(
            made.json()["registration_client_uri"],
            headers={"Authorization": f"Bearer {made.json()['registration_access_token']}"},
        )
        assert there.status_code == 200


async def test_of_two_processes_one_sweeps(world: World) -> None:
    await at_home(world)
    await broom(world).turn()
    world.now += LIFE + KEPT
    mine = broom(world)
    await mine.turn()
    assert world.rows("SELECT count(*) FROM session") == [0]
    await at_home(world)
    world.sql.execute("UPDATE session SET ends_at = 0")
    await broom(world).turn()
    assert world.rows("SELECT count(*) FROM session") == [1], "another has the lease"
    await mine.turn()
    assert world.rows("SELECT count(*) FROM session") == [0]


async def test_a_locked_database_stops_no_broom(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        world.sql.execute("BEGIN IMMEDIATE")
        async with working(world.house.parts.storage, lambda: world.now):
            await broom(world).turn()
        world.sql.execute("ROLLBACK")


def test_what_is_deleted_is_found_by_an_index() -> None:
    for rubbish in RUBBISH:
        indexed = {index.columns.keys()[0] for index in rubbish.table.indexes}
        assert rubbish.column in indexed, rubbish.table.name


def one_time(data: Path) -> int:
    """How many interactions lie in their file."""
    with closing(sqlite3.connect(data / "one-time.db")) as sql:
        [(number,)] = sql.execute("SELECT count(*) FROM one_time")
        return int(number)


def left(world: World) -> list[int]:
    return world.rows("SELECT count(*) FROM session") + world.rows('SELECT count(*) FROM "grant"')
