"""The account page: connected services and sessions, through the front door."""

import re

import pytest

from tests.browser import Browser
from tests.idp.pages.front import at_home, at_the_door, before_the_decision, enter, told
from tests.oidc.front import exchange
from tests.sample import ADA, BAO
from tests.world import World

pytestmark = pytest.mark.anyio


async def sharing(world: World) -> tuple[Browser, str]:
    """A person who shares, and an access token of the service they share with."""
    browser = await before_the_decision(world)
    await browser.press("decision", "share", tick=("person.email",))
    answer = await exchange(world, told(browser)["code"])
    await browser.open("/account")
    return browser, answer.json()["access_token"]


async def test_it_says_who_may_see_what_since_when_and_until_when(world: World) -> None:
    browser, _ = await sharing(world)

    services = browser.page.text.split('id="sessions"')[0]
    for words in ("Hello, Ada Lovelace", "Trade", "shop.example", "Full name", "E-mail address"):
        assert words in services
    assert "Phone number" not in services
    assert "Since 1 January 2030, at the latest until 31 January 2030" in services


async def test_who_shares_nothing_is_told_so(world: World) -> None:
    browser = await at_home(world)

    assert "Nobody sees anything through this account." in browser.page.text


async def test_stopping_takes_one_confirmation_and_holds_at_once(world: World) -> None:
    browser, token = await sharing(world)
    bearer = {"authorization": f"Bearer {token}"}
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 200
    link = re.search(r'href="(/account/stop\?record=[^"]+)"', browser.page.text)
    assert link is not None

    page = await browser.open(link[1])
    assert "Stop sharing with Trade?" in page.text
    assert "It stops at once." in page.text
    world.now += 11_000_000
    page = await browser.press("stop", "yes")

    assert browser.here.startswith("https://id.example/account?said=")
    assert "Sharing stopped 19:00:11" in page.text  # noon in UTC, by the clock of the country
    assert "<strong>Trade</strong> can fetch nothing more about you." in page.text
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 401
    again = await browser.open(browser.here)
    assert "Sharing stopped" not in again.text


async def test_an_agency_is_named_as_people_write_it_at_each_place(world: World) -> None:
    browser = await at_the_door(world, client_id="bank")
    assert "The Treasury · tax.example" in browser.page.text
    await enter(browser)
    for words in ('<span class="seal" aria-hidden="true">T<', "The Treasury asks for 4 facts"):
        assert words in browser.page.text
    await browser.press("decision", "share")

    page = await browser.open("/account")
    assert "<h3>The Treasury</h3>" in page.text
    assert 'aria-label="Stop sharing with the Treasury"' in page.text
    link = re.search(r'href="(/account/stop\?record=[^"]+)"', page.text)
    assert link is not None
    assert "<h1>Stop sharing with the Treasury?</h1>" in (await browser.open(link[1])).text
    page = await browser.press("stop", "yes")
    assert "<strong>The Treasury</strong> can fetch nothing more about you." in page.text


async def test_nobody_stops_or_sees_what_is_anothers(world: World) -> None:
    await sharing(world)
    record = world.rows("SELECT record_id FROM record")[0]
    other = await at_home(world, BAO)

    page = await other.open(f"/account/stop?record={record}")
    assert page.url.path == "/account"
    csrf = other.form(button="session").values["csrf"]
    await other.send("/account/stop", [("csrf", csrf), ("record", record)])

    assert world.rows("SELECT ended_at FROM record") == [None]


async def test_a_record_that_was_stopped_can_be_stopped_again(world: World) -> None:
    browser, _ = await sharing(world)
    record = world.rows("SELECT record_id FROM record")[0]
    await browser.open(f"/account/stop?record={record}")
    form = browser.form(button="stop")

    for _ in range(2):
        page = await browser.send("/account/stop", [*form.values.items(), ("stop", "yes")])
        assert page.status_code == 200

    kinds = [event["type"] for event in world.events()]
    assert kinds.count("RecordWithdrawn") == 1


async def test_this_browser_is_marked_and_another_can_be_ended(world: World) -> None:
    mine, other = await at_home(world), await at_home(world)
    page = await mine.open("/account")
    assert page.text.count("this browser") == 1
    sessions = mine.form(button="session").buttons
    assert len(sessions) == 3

    marked = re.search(r'this browser.*?value="([^"]+)"', page.text, re.DOTALL)
    assert marked is not None
    ended = next(value for _, value in sessions if value not in {marked[1], "all"})
    page = await mine.press("session", ended)

    assert mine.here == "https://id.example/account"
    assert (await other.open("/account")).url.path == "/sign-in"


async def test_signing_out_everywhere_leaves_nobody_in(world: World) -> None:
    mine, other = await at_home(world), await at_home(world)

    await mine.press("session", "all")

    assert mine.here == "https://id.example/sign-in"
    assert (await other.open("/account")).url.path == "/sign-in"


async def test_nobody_ends_the_session_of_another(world: World) -> None:
    mine, other = await at_home(world, BAO), await at_home(world)
    session = world.rows("SELECT session_id FROM session ORDER BY auth_time, session_id")[1]

    await mine.press("session", session)

    assert (await other.open("/account")).url.path == "/account"


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
