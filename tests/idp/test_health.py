"""Alive and ready, and what is neither."""

import os
from errno import EIO
from pathlib import Path

import pytest

from idp.app import open_house
from idp.health import WrongSchema
from tests.sample import ADA
from tests.world import World, open_world, settings_for

pytestmark = pytest.mark.anyio


async def test_alive_and_ready(world: World) -> None:
    for path in ("/healthz", "/readyz"):
        answer = await world.rp.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_not_ready_with_another_schema_and_alive_all_the_same(world: World) -> None:
    world.sql.execute("UPDATE alembic_version SET version_num = '9999'")
    answer = await world.rp.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await world.rp.get("/healthz")).status_code == 200


async def test_not_ready_without_a_database(world: World) -> None:
    world.sql.execute("ALTER TABLE alembic_version RENAME TO elsewhere")
    assert (await world.rp.get("/readyz")).status_code == 503


async def test_not_ready_without_keys(world: World) -> None:
    world.sql.execute("DELETE FROM signing_key")
    world.now += 10_000_000
    assert (await world.rp.get("/readyz")).status_code == 503


@pytest.mark.parametrize("version", [None, "9999"])
async def test_nothing_opens_over_another_schema(tmp_path: Path, version: str | None) -> None:
    async with open_world(tmp_path) as world:
        if version is None:
            world.sql.execute("DROP TABLE alembic_version")
        else:
            world.sql.execute("UPDATE alembic_version SET version_num = ?", (version,))
    with pytest.raises(WrongSchema, match="motcua migrate"):
        async with open_house(settings_for(tmp_path)):
            pass


async def test_not_ready_once_a_flush_was_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.browser()
    await browser.open("/sign-in")

    def lost(_: int) -> None:
        raise OSError(EIO, "lost")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fdatasync", lost)
        page = await browser.press(
            "action", "password", identifier=ADA.identifier, password=ADA.password
        )
        assert page.status_code == 503

    readiness = await world.rp.get("/readyz")
    assert readiness.status_code == 503, "the disk is well again, and what it lost is lost"
    assert (await world.rp.get("/healthz")).status_code == 200


async def test_a_locked_database_gives_503_soon_and_nothing_half_done(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.1) as world:
        browser = world.browser()
        await browser.open("/sign-in")
        world.sql.execute("BEGIN IMMEDIATE")
        page = await browser.press(
            "action", "password", identifier=ADA.identifier, password=ADA.password
        )
        world.sql.execute("ROLLBACK")
        assert (page.status_code, page.headers["retry-after"]) == (503, "1")
        assert world.rows("SELECT count(*) FROM session") == [0]
        assert world.rows("SELECT count(*) FROM sign_in_failure") == [0]
        assert world.events() == []
