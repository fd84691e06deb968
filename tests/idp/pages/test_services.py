"""Connected services, through the front door: what each may see, and stopping it."""

import html
import re

import pytest

from tests.browser import Browser
from tests.idp.pages.front import (
    address,
    at_home,
    at_the_door,
    before_the_decision,
    enter,
    token_for,
    told,
)
from tests.oidc.front import exchange
from tests.sample import BAO
from tests.world import World

pytestmark = pytest.mark.anyio


async def sharing(world: World) -> tuple[Browser, str]:
    """A person who shares, and an access token of the service they share with."""
    browser = await before_the_decision(world)
    await browser.press("decision", "share", tick=("person.email",))
    answer = await exchange(world, told(browser)["code"])
    await browser.open("/account/services")
    return browser, answer.json()["access_token"]


def link_of(browser: Browser, words: str) -> str:
    """Where the link with this name leads."""
    found = re.search(rf'href="([^"]+)" aria-label="{re.escape(words)}"', browser.page.text)
    assert found is not None, browser.page.text
    return html.unescape(found[1])


async def test_it_says_who_may_see_what_for_what_since_when_and_until_when(world: World) -> None:
    browser, _ = await sharing(world)

    page = browser.page.text
    whose = "<span>Shop</span> <span>shop.example</span>"
    for words in ("Trade", whose, "Full name", "E-mail address"):
        assert words in page
    assert '<p class="purpose">words</p>' in page
    assert "Phone number" not in page
    assert "Since 1 January 2030, at the latest until 31 January 2030" in page


async def test_each_fact_says_from_which_register_and_when_it_was_last_read(world: World) -> None:
    browser, token = await sharing(world)
    assert "<span>Population register</span> <span>not read yet" in browser.page.text
    assert "<span>Your account</span> <span>not read yet" in browser.page.text

    world.now += 60_000_000
    await world.rp.get("/userinfo", headers={"authorization": f"Bearer {token}"})
    page = await browser.open("/account/services")

    assert "<span>Population register</span> <span>last read 1 Jan 2030, 19:01" in page.text
    assert "<span>Your account</span> <span>last read 1 Jan 2030, 19:01" in page.text


async def test_one_thing_is_stopped_in_three_taps_from_home_and_holds_at_once(
    world: World,
) -> None:
    browser, token = await sharing(world)
    bearer = {"authorization": f"Bearer {token}"}
    assert "email" in (await world.rp.get("/userinfo", headers=bearer)).json()

    await browser.open("/account")
    assert 'href="/account/services"' in browser.page.text
    await browser.open("/account/services")
    page = await browser.open(link_of(browser, "Stop sharing “E-mail address” with Trade"))
    assert "Stop sharing “E-mail address” with Trade?" in page.text
    assert 'It still sees</dt><dd><ul class="chips"><li>Full name</li></ul>' in page.text
    world.now += 11_000_000
    page = await browser.press("stop", "yes")

    assert browser.here.startswith("https://id.example/account/services?said=")
    assert "Sharing stopped 19:00:11" in page.text
    assert "<strong>Trade</strong> no longer gets “<strong>E-mail address</strong>”." in page.text
    claims = (await world.rp.get("/userinfo", headers=bearer)).json()
    assert "name" in claims
    assert "email" not in claims
    [event] = [it for it in world.events() if it["type"] == "RecordNarrowed"]
    assert event["stopped"] == "person.email"


async def test_what_was_stopped_is_not_asked_again_at_the_next_visit(world: World) -> None:
    browser, _ = await sharing(world)
    await browser.open(link_of(browser, "Stop sharing “E-mail address” with Trade"))
    await browser.press("stop", "yes")

    await browser.open(address())

    assert "code" in told(browser)


async def test_what_a_service_needs_is_not_stopped_alone_and_the_page_says_what_to_do(
    world: World,
) -> None:
    browser, token = await sharing(world)
    assert "needed" in browser.page.text
    assert "What is needed stops together with everything else." in browser.page.text
    assert "item=person.name" not in browser.page.text
    record = world.rows("SELECT record_id FROM record")[0]

    await browser.open(link_of(browser, "Stop everything with Trade"))
    csrf = browser.form(button="stop").values["csrf"]
    form = [("csrf", csrf), ("record", record), ("item", "person.name"), ("stop", "yes")]
    page = await browser.send("/account/stop", form)

    assert "“Full name” cannot be stopped alone" in page.text
    bearer = {"authorization": f"Bearer {token}"}
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 200
    page = await browser.press("stop", "yes")
    assert "<strong>Trade</strong> can fetch nothing more about you." in page.text
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 401


async def test_a_page_from_before_stops_what_it_says_all_the_same(world: World) -> None:
    """Two tabs: what the first one stopped gave the record a new name."""
    browser, token = await sharing(world)
    everything = link_of(browser, "Stop everything with Trade")
    await browser.open(everything)
    before = browser.form(button="stop")
    await browser.open("/account/services")
    await browser.open(link_of(browser, "Stop sharing “E-mail address” with Trade"))
    await browser.press("stop", "yes")

    page = await browser.send("/account/stop", [*before.values.items(), ("stop", "yes")])

    assert "can fetch nothing more about you" in page.text
    bearer = {"authorization": f"Bearer {token}"}
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 401
    page = await browser.open(everything)
    assert page.url.path == "/account/services"


@pytest.mark.parametrize("item", ["person.phone", "nothing", "person.email' OR 1=1"])
async def test_what_is_not_shared_cannot_be_stopped(world: World, item: str) -> None:
    browser, _ = await sharing(world)
    record = world.rows("SELECT record_id FROM record")[0]
    page = await browser.open(f"/account/stop?record={record}&item={item}")
    assert page.url.path == "/account/services"
    await browser.open(f"/account/stop?record={record}")
    csrf = browser.form(button="stop").values["csrf"]

    page = await browser.send("/account/stop", [("csrf", csrf), ("record", record), ("item", item)])

    assert page.url.path == "/account/services"
    assert "Sharing stopped" not in page.text
    assert world.rows("SELECT ended_at FROM record") == [None]


async def test_when_all_choices_are_taken_back_the_service_sees_nothing(world: World) -> None:
    browser = await at_the_door(world, scope="openid email")
    await enter(browser)
    await browser.press("decision", "share", tick=("person.email",))
    await browser.open("/account/services")
    await browser.open(link_of(browser, "Stop sharing “E-mail address” with Trade"))

    page = await browser.press("stop", "yes")

    assert "It sees nothing about you." in page.text


async def test_a_service_that_is_disabled_keeps_its_name(world: World) -> None:
    browser, _ = await sharing(world)
    await world.house.parts.clients.disable("shop", world.now)

    page = await browser.open("/account/services")

    assert "Trade" in page.text
    await browser.open(link_of(browser, "Stop everything with Trade"))
    page = await browser.press("stop", "yes")
    assert "<strong>Trade</strong> can fetch nothing more" in page.text


async def test_who_shares_nothing_is_told_so(world: World) -> None:
    browser = await at_home(world)
    await browser.open("/account/services")

    assert "Nobody sees anything through this account." in browser.page.text


async def test_stopping_takes_one_confirmation_and_holds_at_once(world: World) -> None:
    browser, token = await sharing(world)
    bearer = {"authorization": f"Bearer {token}"}
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 200

    page = await browser.open(link_of(browser, "Stop everything with Trade"))
    assert "Stop sharing with Trade?" in page.text
    assert "It stops at once." in page.text
    world.now += 11_000_000
    page = await browser.press("stop", "yes")

    assert browser.here.startswith("https://id.example/account/services?said=")
    assert "Sharing stopped 19:00:11" in page.text  # noon in UTC, by the clock of the country
    assert "<strong>Trade</strong> can fetch nothing more about you." in page.text
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 401
    again = await browser.open(browser.here)
    assert "Sharing stopped" not in again.text


async def test_an_agency_is_named_as_people_write_it_at_each_place(world: World) -> None:
    browser = await at_the_door(world, client_id="bank")
    assert "<span>The Treasury</span> <span>tax.example</span>" in browser.page.text
    await enter(browser)
    for words in ('<span class="seal" aria-hidden="true">T<', "The Treasury asks for 4 facts"):
        assert words in browser.page.text
    await browser.press("decision", "share")

    page = await browser.open("/account/services")
    assert '<h2 id="service-1">The Treasury</h2>' in page.text
    page = await browser.open(link_of(browser, "Stop everything with the Treasury"))
    assert "<h1>Stop sharing with the Treasury?</h1>" in page.text
    page = await browser.press("stop", "yes")
    assert "<strong>The Treasury</strong> can fetch nothing more about you." in page.text


async def test_nobody_stops_or_sees_what_is_anothers(world: World) -> None:
    await sharing(world)
    record = world.rows("SELECT record_id FROM record")[0]
    other = await at_home(world, BAO)

    page = await other.open(f"/account/stop?record={record}")
    assert page.url.path == "/account/services"
    csrf = token_for(world, other, "/account/stop")
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
