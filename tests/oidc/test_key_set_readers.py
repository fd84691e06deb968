"""A client may fetch the key set at an address of its own, or be known by its network.

RFC 7517 section 5; RFC 9110 sections 9.3.2, 13.1.2 and 15.4.5.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from prometheus_client import REGISTRY

from idp.app import create_app
from keys.lives.by import By
from keys.signing_key import State
from store.database import Unavailable
from store.micros import HOUR
from tests.oidc.front import change, why
from tests.sample import ISSUER
from tests.world import World, open_world

pytestmark = pytest.mark.anyio

NAME = "0123456789abcdef0123456789abcdef"
OWN = f"/jwks/shop.{NAME}"
OURS, SHOPS = "192.0.2.1", "198.51.100.7"
BESIDES = {"x-request-id", "content-length"}


@pytest.fixture
async def world(world: World) -> World:
    await change(world, "shop", key_set_name=NAME)
    return world


async def seen(world: World) -> dict[str, set[str]]:
    """Who has which keys, once it is written."""
    await world.house.readers.write()
    found = world.sql.execute("SELECT client_id, kid FROM key_fetch").fetchall()
    return {name: {kid for it, kid in found if it == name} for name, _ in found}


async def shown(world: World) -> set[str]:
    return {key["kid"] for key in (await world.rp.get("/jwks")).json()["keys"]}


def said(answer: Response) -> tuple[int, bytes, dict[str, str]]:
    return (
        answer.status_code,
        answer.content,
        {name: it for name, it in answer.headers.items() if name not in BESIDES},
    )


async def test_the_address_of_a_client_answers_as_that_of_all(world: World) -> None:
    etag = (await world.rp.get("/jwks")).headers["etag"]
    for method, headers in (
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"If-None-Match": etag}),
        ("GET", {"Origin": "https://spa.example"}),
        ("OPTIONS", {}),
        ("PUT", {}),
    ):
        both = [await world.rp.request(method, it, headers=headers) for it in ("/jwks", OWN)]
        assert said(both[0]) == said(both[1]), method


async def test_whoever_fetches_there_has_every_key_that_is_shown(world: World) -> None:
    kids = await shown(world)
    assert await seen(world) == {}, "the address of all tells nobody apart"
    await world.rp.get(OWN)
    assert world.rows("SELECT count(*) FROM key_fetch") == [0], "no answer waits for a write"
    assert await seen(world) == {"shop": kids}
    assert len(kids) == 10


async def test_it_is_written_at_first_and_then_hourly(world: World) -> None:
    for _ in range(6):
        await world.rp.get(OWN)
        await seen(world)
        world.now += HOUR // 4
    times = world.sql.execute("SELECT DISTINCT first_at, last_at FROM key_fetch").fetchall()
    began = world.now - 6 * (HOUR // 4)
    assert times == [(began, began + HOUR)]


@pytest.mark.parametrize(
    ("method", "known", "has"),
    [
        ("GET", None, True),
        ("HEAD", None, False),
        ("GET", "{}", True),
        ("GET", 'W/{}, "x"', True),
        ("HEAD", "{}", True),
        ("GET", "*", False),
        ("HEAD", "*", False),
        ("GET", '"x"', True),
        ("HEAD", '"x"', False),
        ("OPTIONS", None, False),
        ("POST", None, False),
    ],
)
async def test_only_who_is_sent_it_or_names_it_has_it(
    world: World, method: str, known: str | None, has: bool
) -> None:
    etag = (await world.rp.get("/jwks")).headers["etag"]
    headers = {} if known is None else {"If-None-Match": known.format(etag)}
    await world.rp.request(method, OWN, headers=headers)
    assert bool(await seen(world)) == has


async def test_an_old_key_set_stands_for_old_keys(world: World) -> None:
    """Who names the one of before is sent the one of now, and has the new keys by that alone."""
    await world.rp.get(OWN)
    before = await seen(world)
    old = (await world.rp.get("/jwks")).headers["etag"]
    await world.house.parts.custody.rotate(By("somebody", "a test"), world.now)
    world.now += HOUR
    assert (await world.rp.head(OWN, headers={"If-None-Match": old})).status_code == 200
    assert await seen(world) == before
    assert (await world.rp.get(OWN, headers={"If-None-Match": old})).status_code == 200
    assert (await seen(world))["shop"] == before["shop"] | await shown(world)


@pytest.mark.parametrize(
    "path",
    [
        f"/jwks/nobody.{NAME}",
        f"/jwks/bank.{NAME}",
        f"/jwks/shop.{NAME[:-1]}",
        f"/jwks/shop.{NAME}0",
        f"/jwks/shop.{NAME.upper()}",
        "/jwks/shop.",
        "/jwks/shop",
        f"/jwks/{NAME}",
        f"/jwks/.{NAME}",
        "/jwks/bank.None",
        "/jwks/shop.%C3%A4%ED%A0%80",
        "/jwks/" + "a." * 2000,
    ],
)
async def test_an_address_that_is_nobodys_tells_nothing(world: World, path: str) -> None:
    answer = await world.rp.get(path)
    assert said(answer) == said(await world.rp.get("/jwks/x"))
    assert answer.status_code == 404
    assert answer.json() == {
        "error": "not_found",
        "error_description": "There is no such key set.",
    }
    assert why(world) == "no client's address"
    assert NAME not in str(world.watch.refused)
    assert await seen(world) == {}


@pytest.mark.parametrize("path", ["/jwks/", f"{OWN}/", f"{OWN}/x", f"/jwks//shop.{NAME}"])
async def test_below_and_beside_it_there_is_nothing(world: World, path: str) -> None:
    assert (await world.rp.get(path)).status_code == 404
    assert await seen(world) == {}


async def test_what_no_name_can_hold_is_malformed(world: World) -> None:
    answer = await world.rp.get(f"/jwks/a%00b.{NAME}")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_disabled_client_has_no_address(world: World) -> None:
    await world.house.parts.clients.disable("shop", world.now)
    world.now += HOUR
    answer = await world.rp.get(OWN)
    assert said(answer) == said(await world.rp.get("/jwks/x"))
    assert await seen(world) == {}


async def test_another_name_takes_the_place_of_the_first(world: World) -> None:
    await change(world, "shop", key_set_name=NAME[::-1])
    assert (await world.rp.get(OWN)).status_code == 404
    assert (await world.rp.get(f"/jwks/shop.{NAME[::-1]}")).status_code == 200


async def test_what_cannot_be_written_is_written_later(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        await change(world, "shop", key_set_name=NAME)
        world.sql.execute("BEGIN IMMEDIATE")
        assert (await world.rp.get(OWN)).status_code == 200
        with pytest.raises(Unavailable):
            await world.house.readers.write()
        world.sql.execute("ROLLBACK")
        assert (await seen(world))["shop"] == await shown(world)


async def fetch(world: World, peer: str, **headers: str) -> set[str]:
    """Who is known to have the key set after somebody fetched it from there."""
    app = create_app(world.house, clock=lambda: world.now, watch=world.watch)
    transport = ASGITransport(app, client=(peer, 4711))
    async with AsyncClient(transport=transport, base_url=ISSUER) as http:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        assert (await http.get("/jwks", headers=sent)).status_code == 200
    return {*await seen(world)}


@pytest.fixture
async def behind_a_proxy(tmp_path: Path) -> Any:
    async with open_world(tmp_path, trusted_proxies=[f"{OURS}/32"]) as world:
        both = (ip_network("198.51.100.0/24"), ip_network("2001:db8:7::/48"))
        await change(world, "shop", source_networks=both)
        await change(world, "bank", source_networks=(ip_network("203.0.113.0/24"),))
        await change(world, "app", source_networks=(ip_network("203.0.113.128/25"),))
        await world.house.readers.learn()
        yield world


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        (SHOPS, "", "shop"),
        (SHOPS, "203.0.113.1", "shop"),
        ("203.0.113.1", "", "bank"),
        ("203.0.113.200", "", ""),
        ("192.0.2.9", "", ""),
        ("192.0.2.9", SHOPS, ""),
        (OURS, "", ""),
        (OURS, SHOPS, "shop"),
        (OURS, f"203.0.113.1, {SHOPS}", "shop"),
        (OURS, f"{SHOPS}, {OURS}", "shop"),
        (OURS, f"{SHOPS}, nonsense", ""),
        (OURS, f"::ffff:{SHOPS}", "shop"),
        (OURS, f"{SHOPS}:4711", "shop"),
        (OURS, f"{SHOPS}:4711, {OURS}:443", "shop"),
        (OURS, "2001:db8:7::1", "shop"),
        (OURS, "[2001:db8:7::1]", "shop"),
        (OURS, "[2001:db8:7::1]:4711", "shop"),
        (OURS, f"{SHOPS}:http", ""),
        (OURS, f"{SHOPS}:", ""),
        (OURS, "[2001:db8:7::1", ""),
        (OURS, "[2001:db8:7::1]4711", ""),
    ],
)
async def test_a_client_is_known_by_its_network(
    behind_a_proxy: World, peer: str, forwarded: str, who: str
) -> None:
    headers = {"x_forwarded_for": forwarded} if forwarded else {}
    assert await fetch(behind_a_proxy, peer, **headers) == ({who} if who else set())


async def test_networks_that_are_registered_no_more_tell_nothing(behind_a_proxy: World) -> None:
    world = behind_a_proxy
    for name in ("shop", "bank", "app"):
        await change(world, name, source_networks=())
    await world.house.readers.learn()
    assert await fetch(world, SHOPS) == set()


async def test_a_key_that_is_hidden_is_fetched_by_nobody(world: World) -> None:
    [hidden, *_] = world.rows(f"SELECT kid FROM signing_key WHERE state = '{State.PUBLISHED}'")
    world.sql.execute("UPDATE signing_key SET state = 'suspended' WHERE kid = ?", (hidden,))
    world.now += HOUR
    await world.rp.get(OWN)
    assert hidden not in (await seen(world))["shop"]


async def test_the_figures_name_the_endpoint_and_no_client(world: World) -> None:
    def count() -> float:
        labels = {"endpoint": "/jwks/{own}", "status": "200"}
        return REGISTRY.get_sample_value("motcua_request_seconds_count", labels) or 0.0

    before = count()
    await world.rp.get(OWN)
    assert count() == before + 1
