"""The rooms of the account, through the front door."""

import re

import pytest

from store.micros import DAY, SECOND
from tests.idp.pages.front import at_home, before_the_decision, told
from tests.oidc.front import exchange
from tests.sample import ADA
from tests.world import World

pytestmark = pytest.mark.anyio
ROOMS = (
    "/account",
    "/account/services",
    "/account/activity",
    "/account/devices",
    "/account/security",
)


@pytest.mark.parametrize("room", ROOMS)
async def test_every_room_leads_to_every_other_and_says_which_it_is(
    world: World, room: str
) -> None:
    browser = await at_home(world)

    page = await browser.open(room)

    [nav] = re.findall(r'<nav class="rooms".*?</nav>', page.text, re.DOTALL)
    assert re.findall(r'href="([^"]+)"', nav) == [*ROOMS, "/sign-out"]
    assert re.findall(r'href="([^"]+)" aria-current="page"', nav) == [room]
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("room", ROOMS)
async def test_a_room_is_open_to_its_owner_alone(world: World, room: str) -> None:
    page = await world.browser().open(room)

    assert page.url.path == "/sign-in"


async def test_the_first_room_says_what_is_in_the_others(world: World) -> None:
    browser = await at_home(world)
    for words in (
        "Nobody sees anything through this account.",
        "Nobody has looked in the last year.",
        "You are signed in on 1 device.",
        "You sign in with a password alone.",
        "Last sign-in: 1 Jan 2030, 19:00, on this device",
    ):
        assert words in browser.page.text

    world.now += 60 * SECOND
    await at_home(world)
    page = await browser.open("/account")

    assert "You are signed in on 2 devices." in page.text
    assert "Last sign-in: 1 Jan 2030, 19:01, on another device" in page.text


async def test_the_first_room_shows_who_shares_and_who_looked_last(world: World) -> None:
    browser = await before_the_decision(world)
    await browser.press("decision", "share")
    token = (await exchange(world, told(browser)["code"])).json()["access_token"]
    for _ in range(4):
        world.now += SECOND
        await world.rp.get("/userinfo", headers={"authorization": f"Bearer {token}"})

    page = await browser.open("/account")

    assert page.text.count("<h3>Trade</h3>") == 1 + 3
    assert re.findall(r"<time[^>]*>([^<]+)<", page.text) == [
        f"1 January 2030 · 19:00:0{second}" for second in (4, 3, 2)
    ]


async def test_what_needs_attention_is_said_first_and_else_that_nothing_does(
    world: World,
) -> None:
    browser = await before_the_decision(world)
    await browser.press("decision", "share")
    page = await browser.open("/account")
    assert "Only a password protects your account." in page.text
    assert "ends on" not in page.text

    [(account_id, given)] = world.sql.execute("SELECT account_id, given_at FROM record")
    world.now = given + 24 * DAY
    page = await browser.open("/account")
    assert "Sharing with Trade ends on 31 January 2030." in page.text

    world.now = given
    sealed = (account_id, b"", 0, 0, 1)
    columns = "account_id, secret_sealed, last_step, added_at, codes_made"
    world.sql.execute(f"INSERT INTO totp ({columns}) VALUES (?, ?, ?, ?, ?)", sealed)
    page = await browser.open("/account")
    assert "Nothing needs your attention." in page.text
    assert "You sign in with password and code." in page.text


async def test_the_register_being_away_costs_the_greeting_its_name_alone(world: World) -> None:
    await world.population.becomes("down")
    try:
        browser = await at_home(world)
    finally:
        await world.population.becomes("none")

    assert "<h1>Hello</h1>" in browser.page.text


async def test_a_page_says_no_name_in_its_address(world: World) -> None:
    browser = await at_home(world)

    assert not any(word in browser.here for word in (ADA.identifier, "Ada"))
