"""A client whose row cannot be read is refused as one that nobody knows; nothing falls over it.

RFC 6749 sections 4.1.2.1 and 5.2.
"""

import json
from pathlib import Path

import pytest
from httpx2 import Response

from ledger.kinds import ClientUnreadable
from store.micros import SECOND
from tests.idp.pages.front import at_home
from tests.oidc.front import ADA, POST_OFFICE, Browser, browser, exchange, userinfo
from tests.oidc.registering import bearer, open_to_all, registered
from tests.world import World

pytestmark = pytest.mark.anyio

LATER_VERSION = '{"client_id":"shop","of_a_later_version":1}'


def spoil(world: World, text: str, client_id: str = "shop") -> None:
    world.sql.execute("UPDATE client SET metadata_json = ? WHERE client_id = ?", (text, client_id))
    world.now += 2 * SECOND


def told(world: World) -> list[tuple[str, str]]:
    found = [it for it in world.watch.seen if isinstance(it, ClientUnreadable)]
    world.watch.seen.clear()
    return [(it.client_id, it.fault) for it in found]


def shown(answer: Response, name: str) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(name, "x")


async def asked_as(world: World, person: Browser, client_id: str) -> list[tuple[int, str]]:
    """Everywhere a client can say who it is, or be named."""
    return [
        shown(it, client_id)
        for it in (
            await person.authorize(client_id=client_id),
            await exchange(world, "a code", client_id=client_id),
            await world.rp.post("/revoke", data={"token": "x", "client_id": client_id}),
            await world.rp.get(f"/jwks/{client_id}.0123456789abcdef0123456789abcdef"),
        )
    ]


@pytest.mark.parametrize(
    ("text", "fault"), [("{", "JSONDecodeError"), ("{}", "ValidationError"), ("7", "TypeError")]
)
async def test_it_is_refused_as_one_that_nobody_knows(world: World, text: str, fault: str) -> None:
    person = browser(world)
    unknown = await asked_as(world, person, "nobody")
    spoil(world, text)
    assert await asked_as(world, person, "shop") == unknown
    assert [status for status, _ in unknown] == [400, 401, 401, 404]
    assert told(world) == [("shop", fault)]
    assert (await exchange(world, "a code", POST_OFFICE, client_id=None)).status_code == 400
    assert told(world) == [], "others are asked nothing about it"


async def test_who_asks_for_it_again_and_again_fills_no_log(world: World) -> None:
    """It is told again, and looked for again, when a second has passed: also once it is mended."""
    [sound] = world.rows("SELECT metadata_json FROM client WHERE client_id = 'shop'")
    spoil(world, "{")
    for _ in range(2):
        for _ in range(20):
            await world.rp.get("/authorize", params={"client_id": "shop"})
        assert told(world) == [("shop", "JSONDecodeError")]
        world.now += SECOND
    spoil(world, sound)
    assert "/sign-in" in (await browser(world).authorize()).headers["location"]


async def test_what_people_gave_it_gives_nothing_while_it_cannot_be_read(world: World) -> None:
    person = browser(world)
    await person.sign_in(ADA)
    tokens = await person.tokens()
    [before] = world.rows("SELECT metadata_json FROM client WHERE client_id = 'shop'")
    spoil(world, LATER_VERSION)
    assert (await userinfo(world, tokens["access_token"])).status_code == 401
    spoil(world, before)
    assert (await userinfo(world, tokens["access_token"])).status_code == 200


async def test_people_see_and_end_what_they_have_with_it(world: World) -> None:
    someone = await at_home(world)
    person = Browser(world, someone)
    await person.agree("person.email")
    spoil(world, LATER_VERSION)
    for path in ("/account", "/account/activity"):
        assert (await someone.open(path)).status_code == 200, path
        assert ("shop", "ValidationError") in told(world), path
    await someone.open("/sign-out")
    await someone.press("logout", "yes")
    assert someone.page.status_code == 200
    assert world.rows("SELECT count(*) FROM session WHERE ended_at IS NULL") == [0]


async def test_it_does_not_manage_its_registration_until_it_is_mended(tmp_path: Path) -> None:
    async with open_to_all(tmp_path) as opened:
        made = await registered(opened)
        spoil(opened, json.dumps({}), made["client_id"])
        token = bearer(made["registration_access_token"])
        answer = await opened.rp.get(made["registration_client_uri"], headers=token)
    assert answer.status_code == 401
