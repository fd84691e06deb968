"""Redis may be emptied or go at any moment: sign-ins start again, and nothing is redeemed twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from store.micros import SECOND
from tests import servers
from tests.oidc.front import Browser, browser, exchange, userinfo, why
from tests.servers import Server
from tests.world import World, open_world

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[Server]:
    """One that this test may stop."""
    with servers.redis() as started:
        yield started


@pytest.fixture
async def world(tmp_path: Path, server: Server) -> AsyncIterator[World]:
    url = f"redis://127.0.0.1:{server.port}"
    async with open_world(tmp_path, redis_url=url, patience=0.5) as opened:
        yield opened


@pytest.fixture
async def ada(world: World) -> Browser:
    someone = browser(world)
    await someone.sign_in()
    return someone


async def empty(server: Server) -> None:
    async with Redis(port=server.port) as redis:
        await redis.flushall()


async def test_emptied_among_racing_redemptions_no_code_is_good_twice(
    world: World, ada: Browser, server: Server
) -> None:
    codes = [await ada.code() for _ in range(20)]
    tries = [asyncio.create_task(exchange(world, code)) for code in codes for _ in range(3)]
    await asyncio.sleep(0)
    await empty(server)
    answers = await asyncio.gather(*tries)
    again = await asyncio.gather(*(exchange(world, code) for code in codes))

    for number in range(len(codes)):
        won = [it.status_code for it in answers[3 * number : 3 * number + 3]].count(200)
        assert won <= 1
    assert {answer.status_code for answer in again} == {400}
    assert {answer.json()["error"] for answer in again} == {"invalid_grant"}


async def test_emptied_no_code_is_lost_and_one_that_was_used_is_still_known(
    world: World, ada: Browser, server: Server
) -> None:
    waiting, used = await ada.code(), await ada.code()
    bought = (await exchange(world, used)).json()["access_token"]
    assert (await userinfo(world, bought)).status_code == 200
    await empty(server)

    assert (await exchange(world, waiting)).status_code == 200
    assert (await exchange(world, used)).json()["error"] == "invalid_grant"
    assert why(world) == "code used twice; its grant has ended"
    assert (await userinfo(world, bought)).status_code == 401


async def test_emptied_who_was_on_a_page_starts_again(
    world: World, ada: Browser, server: Server
) -> None:
    world.now += SECOND
    page = (await ada.authorize(prompt="login")).headers["location"]
    assert (await ada.get(page)).status_code == 200
    await empty(server)

    lost = await ada.get(page)
    assert (lost.status_code, "interaction_expired" in lost.text) == (400, True)
    again = (await ada.authorize(prompt="login")).headers["location"]
    assert (await ada.get(again)).status_code == 200  # it heals by itself


async def test_stopped_codes_and_tokens_go_on_and_people_on_pages_come_back(
    world: World, ada: Browser, server: Server
) -> None:
    code, bought = await ada.code(), await ada.tokens()
    server.stop()

    assert (await exchange(world, code)).status_code == 200
    assert (await userinfo(world, bought["access_token"])).status_code == 200
    world.now += SECOND
    answer = await ada.authorize(scope="openid", prompt="login")
    assert "temporarily_unavailable" in answer.headers["location"]

    server.start()
    assert (await ada.authorize(prompt="login")).headers["location"].startswith("/sign-in")
    assert (await exchange(world, code)).json()["error"] == "invalid_grant"
