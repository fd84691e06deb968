"""The database hangs or is gone: every door says so soon and names when to come back; it heals.

RFC 9110 sections 10.2.3 and 15.6.4. And what is slow on purpose holds nobody else up.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from httpx2 import Response

from store.micros import SECOND
from tests import servers
from tests.conftest import execute
from tests.idp.pages.front import at_home, at_the_door, enter
from tests.idp.test_postgres import on_postgres
from tests.oidc.front import Browser, exchange, userinfo
from tests.sample import ADA, BAO
from tests.world import World, open_world

pytestmark = pytest.mark.anyio

PATIENCE = 0.5
SOON = 20  # seconds; only ends a test that would hang


@pytest.fixture
def server() -> Iterator[servers.Server]:
    """One of our own: it is treated badly."""
    with servers.postgres() as server:
        yield server


async def ask(world: World, shop: Browser, code: str, token: str) -> dict[str, Response]:
    """One question at each door, all at once, later than anything is remembered."""
    world.now += 2 * SECOND
    questions = {
        "token": exchange(world, code),
        "userinfo": userinfo(world, token),
        "authorize": shop.authorize(scope="openid"),
        "account": shop.get("/account"),
        "readyz": world.rp.get("/readyz"),
    }
    async with asyncio.timeout(SOON):
        return dict(zip(questions, await asyncio.gather(*questions.values()), strict=True))


@pytest.mark.parametrize("how", ["hangs", "is gone"])
async def test_without_its_database_every_door_says_when_to_come_back(
    tmp_path: Path, server: servers.Server, how: str
) -> None:
    url = f"postgresql://motcua@127.0.0.1:{server.port}"
    await execute(f"{url}/postgres", "CREATE DATABASE motcua")
    async with on_postgres(tmp_path, f"{url}/motcua", patience=PATIENCE) as world:
        shop = Browser(world, await at_home(world))
        token, code = (await shop.tokens())["access_token"], await shop.code()

        (server.freeze if how == "hangs" else server.stop)()
        answers = await ask(world, shop, code, token)
        alive = await world.rp.get("/healthz")
        (server.thaw if how == "hangs" else server.start)()

        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
            answers, 503
        )
        assert all(int(answer.headers["retry-after"]) > 0 for answer in answers.values())
        assert alive.status_code == 200, "to start it again would help nobody"

        healed = await ask(world, shop, await shop.code(), token)
        assert {name: answer.status_code for name, answer in healed.items()} == {
            "token": 200,
            "userinfo": 200,
            "authorize": 303,
            "account": 200,
            "readyz": 200,
        }


async def test_while_passwords_wait_for_their_check_everybody_else_is_served(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, hash_threads=1) as world:
        shop = Browser(world, await at_home(world))
        token, code = (await shop.tokens())["access_token"], await shop.code()
        guests = [await at_the_door(world) for _ in range(2)]

        goes_on = Event()
        pool = world.house.site.sign_in.pool
        held = asyncio.create_task(pool.run(goes_on.wait, SOON))
        entering = [
            asyncio.create_task(enter(guest, person))
            for guest, person in zip(guests, (ADA, BAO), strict=True)
        ]
        answers = await ask(world, shop, code, token)

        waiting = [guest.here for guest in guests if "/sign-in?i=" in guest.here]
        assert len(waiting) == len(guests)
        assert not any(task.done() for task in (held, *entering))
        assert {answer.status_code for answer in answers.values()} == {200, 303}
        goes_on.set()
        await asyncio.gather(held, *entering)
        assert not any("/sign-in?i=" in guest.here for guest in guests)
