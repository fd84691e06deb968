"""That a service may look when nobody is there: said before, shown after, and stopped alone."""

import html
import re

import pytest

from tests.browser import Browser
from tests.idp.pages.front import before_the_decision, told
from tests.oidc.front import exchange, userinfo
from tests.oidc.offline import OFFLINE, refresh
from tests.world import World

pytestmark = pytest.mark.anyio

SAID = "The service may look on its own, without you opening it, for 30 days at most."
STOP = "Stop Trade from looking when you are not there"


async def connected(world: World, scope: str = OFFLINE["scope"]) -> tuple[Browser, str]:
    """A person at their connected services, and the refresh token of the one they allowed."""
    browser = await before_the_decision(
        world, client_id="app", scope=scope, prompt=OFFLINE["prompt"]
    )
    await browser.press("decision", "share")
    answer = await exchange(world, told(browser)["code"], client_id="app")
    await browser.open("/account/services")
    return browser, answer.json()["refresh_token"]


def link_of(browser: Browser, words: str) -> str:
    found = re.search(rf'href="([^"]+)" aria-label="{re.escape(words)}"', browser.page.text)
    assert found is not None, browser.page.text
    return html.unescape(found[1])


@pytest.mark.protocol(55, 78)
@pytest.mark.parametrize(
    ("language", "label", "days"),
    [("en", "When you are not there", "30 days"), ("vi", "Khi bạn không có mặt", "30 ngày")],
)
async def test_the_question_says_it_in_plain_words(
    world: World, language: str, label: str, days: str
) -> None:
    browser = await before_the_decision(world, client_id="app", **OFFLINE, ui_locales=language)
    page = browser.page.text
    assert f"<dt>{label}</dt>" in page
    assert days in page
    assert "offline_access" not in page.partition('<form method="post"')[2].partition("</form>")[0]
    notices = world.rows("SELECT text FROM notice")
    await browser.press("decision", "share")
    (notice,) = set(world.rows("SELECT text FROM notice")) - set(notices)
    assert label in notice
    [event] = [it for it in world.events() if it["type"] == "DecisionMade"]
    assert event["given"] == ["offline_access", "person.name"]


async def test_where_it_is_all_that_is_asked_the_question_is_that(world: World) -> None:
    browser = await before_the_decision(
        world, client_id="app", scope="openid offline_access", prompt="consent"
    )
    assert "Trade asks to stay connected when you are not there" in browser.page.text
    assert SAID in browser.page.text
    assert ">Allow and continue</button>" in browser.page.text
    await browser.press("decision", "share")
    tokens = (await exchange(world, told(browser)["code"], client_id="app")).json()
    assert (await refresh(world, tokens["refresh_token"])).status_code == 200
    assert (await userinfo(world, tokens["access_token"])).json().keys() == {"sub"}


async def test_who_does_not_want_it_says_no_and_nothing_is_allowed(world: World) -> None:
    browser = await before_the_decision(world, client_id="app", **OFFLINE)
    await browser.press("decision", "refuse")
    assert told(browser)["error"] == "access_denied"
    [event] = [it for it in world.events() if it["type"] == "DecisionRefused"]
    assert "offline_access" in event["asked"]


async def test_it_is_asked_each_time_that_it_is_wanted_again(world: World) -> None:
    await connected(world)
    world.now += 1
    again = await before_the_decision(world, client_id="app", **OFFLINE)
    assert SAID in again.page.text


async def test_connected_services_shows_it_and_stops_it_alone(world: World) -> None:
    browser, token = await connected(world)
    assert "It may look on its own, without you opening it." in browser.page.text

    page = await browser.open(link_of(browser, STOP))
    assert f"{STOP}?" in html.unescape(re.sub("<[^>]+>", "", page.text))
    assert "It may ask you to sign in more often." in page.text
    world.now += 11_000_000
    page = await browser.press("stop", "yes")

    assert "Sharing stopped 19:00:11" in page.text
    assert "<strong>Trade</strong> can no longer look when you are not there." in page.text
    assert "It may look on its own" not in page.text
    assert "Full name" in page.text
    assert (await refresh(world, token)).json()["error"] == "invalid_grant"
    gone = await browser.open(link_of(browser, "Stop everything with Trade"))
    assert "Full name" in gone.text


async def test_stopping_everything_stops_it_too(world: World) -> None:
    browser, token = await connected(world, "openid offline_access")
    assert "It may look on its own, without you opening it." in browser.page.text
    await browser.open(link_of(browser, "Stop everything with Trade"))
    await browser.press("stop", "yes")
    assert (await refresh(world, token)).json()["error"] == "invalid_grant"


async def test_what_is_not_allowed_has_no_page_that_stops_it(world: World) -> None:
    browser = await before_the_decision(world)
    await browser.press("decision", "share")
    [record] = world.rows("SELECT record_id FROM record")
    await browser.open(f"/account/stop?record={record}&item=offline_access")
    assert browser.here == "https://id.example/account/services"
