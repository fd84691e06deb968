"""What was heard of fetches is written beside the serving, and when the program stops."""

import sqlite3
from contextlib import closing
from ipaddress import ip_network
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from idp.signing.readers import Listening, listening
from store.micros import MINUTE
from tests.oidc.front import change
from tests.served import serving
from tests.world import World, open_world

NAME = "0123456789abcdef0123456789abcdef"
OWN = f"/jwks/shop.{NAME}"
HERE = ip_network("127.0.0.0/8")


@pytest.mark.anyio
async def test_what_was_heard_last_is_written_at_the_end(world: World) -> None:
    await change(world, "shop", key_set_name=NAME)
    async with listening(world.house.readers, lambda: world.now):
        await world.rp.get(OWN)
    assert world.rows("SELECT DISTINCT client_id FROM key_fetch") == ["shop"]


@pytest.mark.anyio
async def test_a_fault_at_the_end_is_told_and_the_program_stops_as_it_would(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise LookupError("not foreseen")

    with capture_logs() as lines:
        async with listening(world.house.readers, lambda: world.now):
            monkeypatch.setattr(world.house.readers, "write", fails)
    assert {(it["event"], it["work"]) for it in lines} == {("fault beside", "key set readers")}


@pytest.mark.anyio
async def test_networks_are_learnt_once_a_minute(world: World) -> None:
    turn = Listening(world.house.readers, lambda: world.now).turn
    await turn()
    await change(world, "shop", source_networks=(HERE,))
    for wait, who in ((0, []), (MINUTE, ["shop"])):
        world.now += wait
        await turn()
        await world.rp.get("/jwks")
        await turn()
        assert world.rows("SELECT DISTINCT client_id FROM key_fetch") == who


@pytest.mark.anyio
async def test_a_locked_database_stops_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        await change(world, "shop", key_set_name=NAME)
        turn = Listening(world.house.readers, lambda: world.now).turn
        await world.rp.get(OWN)
        world.sql.execute("BEGIN IMMEDIATE")
        with capture_logs() as lines:
            await turn()
        world.sql.execute("ROLLBACK")
        assert [line["outcome"] for line in lines] == ["unavailable"]
        await turn()
        assert world.rows("SELECT DISTINCT client_id FROM key_fetch") == ["shop"]


def test_each_worker_writes_what_it_heard_before_it_stops(home: Path) -> None:
    told = (
        ("shop", "$.key_set_name", f'"{NAME}"'),
        ("bank", "$.source_networks", f'["{HERE}"]'),
    )
    with closing(sqlite3.connect(home / "motcua.db", isolation_level=None)) as sql:
        for client, path, value in told:
            sql.execute(
                "UPDATE client SET metadata_json = json_set(metadata_json, ?, json(?))"
                " WHERE client_id = ?",
                (path, value, client),
            )
    with serving(home, "--workers", "2") as served:
        for path in (OWN, "/jwks") * 10:
            with served.client() as http:  # a connection of its own: any worker
                assert http.get(path).status_code == 200
                kids = {key["kid"] for key in http.get(path).json()["keys"]}
        code, _, _ = served.stop()
    assert code == 0
    with closing(sqlite3.connect(home / "motcua.db")) as sql:
        found = sql.execute("SELECT client_id, kid FROM key_fetch").fetchall()
    assert {kid for client, kid in found if client == "shop"} == kids
    assert {kid for client, kid in found if client == "bank"} == kids
    assert {client for client, _ in found} == {"shop", "bank"}
