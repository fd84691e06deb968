"""Signing in anew on the way to a page of the account."""

import pytest

from idp.accounts.person import Person
from idp.pages.door import sign_in_again
from tests.idp.pages.front import ENGLISH, at_home, enter
from tests.sample import ADA
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_who_signs_in_anew_is_back_where_they_wanted_to_be(world: World) -> None:
    browser, first = await at_home(world), world.now
    world.now += 1

    await browser.open(sign_in_again("/account"))
    assert "once more" in browser.page.text
    await enter(browser)

    assert browser.here == "https://id.example/account"
    assert world.rows("SELECT auth_time FROM session") == [first + 1]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/account",
        "/account/../sign-out",
        "/account?x",
        "/accounts",
        "/sign-out",
        "account",
        "javascript:alert(1)",
        "/account\r\nlocation: //evil.example",
        "/account/nowhere",
    ],
)
async def test_it_leads_to_pages_of_the_account_alone(world: World, elsewhere: str) -> None:
    browser = await at_home(world)

    page = await browser.open(sign_in_again(elsewhere))

    assert page.status_code == 400
    assert 'data-error="invalid_request"' in page.text
    assert "evil" not in page.text


@pytest.mark.parametrize("path", ["/account/stop", "/account/activity.json"])
async def test_what_is_no_page_by_itself_is_led_to_by_no_sign_in(world: World, path: str) -> None:
    browser = await at_home(world)

    for address in (sign_in_again(path), f"/sign-in?to={path}"):
        page = await browser.open(address)
        assert page.status_code == 400


@pytest.mark.parametrize(
    "path", ["/account/services", "/account/activity", "/account/devices", "/account/security"]
)
async def test_who_came_for_a_room_is_led_there_after_signing_in(world: World, path: str) -> None:
    browser = world.browser()
    browser.http.headers.update(ENGLISH)
    await browser.open(path)
    assert "/sign-in?to=" in browser.here
    assert "to see your account" in browser.page.text, "nothing is asked for once more"

    await enter(browser)

    assert browser.here == f"https://id.example{path}"


async def test_a_wrong_password_on_the_way_does_not_lead_astray(world: World) -> None:
    browser = world.browser()
    await browser.open("/account/devices")
    await enter(browser, Person(identifier=ADA.identifier, password="not the password at all"))
    await enter(browser)

    assert browser.here == "https://id.example/account/devices"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/sign-out", "https://evil.example/"])
async def test_a_room_is_one_of_ours(world: World, elsewhere: str) -> None:
    page = await world.browser().open(f"/sign-in?to={elsewhere}")

    assert page.status_code == 400
    assert "evil" not in page.text
