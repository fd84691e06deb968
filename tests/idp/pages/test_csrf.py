"""Forms that our own pages did not send do nothing. NIST SP 800-63B-4 section 5.1."""

import asyncio

import pytest
from httpx2 import Response

from idp.pages.gate.csrf import LIFE
from idp.pages.gate.once import REPEAT
from idp.pages.gate.route import Route
from idp.pages.routes import ROUTES
from tests.browser import Browser
from tests.idp.pages.front import at_home, at_the_door, before_the_decision, enter
from tests.sample import ADA
from tests.world import World

pytestmark = pytest.mark.anyio

ENTERED = {"identifier": ADA.identifier, "password": ADA.password, "action": "password"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://shop.example"},
        {"origin": "http://id.example"},
    ],
)
async def test_a_form_from_elsewhere_signs_nobody_in(world: World, headers: dict[str, str]) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action")

    page = await browser.http.post(form.action, data={**form.values, **ENTERED}, headers=headers)

    assert page.status_code == 403
    assert '<body data-error="form_expired">' in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"origin": "null"}, {"origin": "https://id.example"}],
)
async def test_our_own_page_is_believed(world: World, headers: dict[str, str]) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action")

    page = await browser.http.post(form.action, data={**form.values, **ENTERED}, headers=headers)

    assert page.status_code == 303


@pytest.mark.parametrize("token", ["", "x", "é"])
async def test_a_form_without_its_token_does_nothing(world: World, token: str) -> None:
    browser = await before_the_decision(world)
    form = browser.form(button="decision")

    page = await browser.http.post(
        form.action, data={**form.values, "csrf": token, "decision": "share"}
    )

    assert page.status_code == 403
    assert world.rows("SELECT count(*) FROM record") == [0]


async def test_a_token_of_another_browser_is_worth_nothing(world: World) -> None:
    browser, other = await at_home(world), await at_home(world)
    await other.open("/account/devices")
    token = other.form(button="session").values["csrf"]

    page = await browser.http.post("/account/devices", data={"csrf": token, "session": "all"})

    assert page.status_code == 403
    assert (await browser.open("/account")).status_code == 200


@pytest.mark.parametrize("path", ["/account/devices", "/account/stop", "/sign-out"])
async def test_without_a_session_no_form_counts(world: World, path: str) -> None:
    page = await world.browser().send(path, [("csrf", "x"), ("session", "all"), ("logout", "yes")])

    assert page.status_code == 403


async def test_a_token_is_worth_nothing_after_the_sign_out(world: World) -> None:
    browser = await at_home(world)
    await browser.open("/account/devices")
    token = browser.form(button="session").values["csrf"]
    await browser.open("/sign-out")
    await browser.press("logout", "yes")
    await browser.open("/sign-in")
    await enter(browser)

    page = await browser.http.post("/account/devices", data={"csrf": token, "session": "all"})

    assert page.status_code == 403
    assert (await browser.open("/account")).status_code == 200
    assert browser.here.endswith("/account")


async def devices(browser: Browser) -> str:
    """The token of a form of the account."""
    await browser.open("/account/devices")
    return browser.form(button="session").values["csrf"]


async def end(browser: Browser, token: str, session: str = "others") -> Response:
    return await browser.http.post("/account/devices", data={"csrf": token, "session": session})


async def test_a_form_counts_once(world: World) -> None:
    browser = await at_home(world)
    token = await devices(browser)
    await at_home(world)
    assert (await end(browser, token)).status_code == 303
    await at_home(world)

    again = await end(browser, token, "all")

    assert again.status_code == 403
    assert '<body data-error="form_used">' in again.text
    assert "It was not done again" in again.text
    assert world.rows("SELECT count(*) FROM session WHERE ended_at IS NULL") == [2]


async def test_a_moment_later_the_same_is_refused_too(world: World) -> None:
    browser = await at_home(world)
    token = await devices(browser)
    await end(browser, token)
    world.now += REPEAT

    assert (await end(browser, token)).status_code == 403


async def test_a_double_click_on_sign_in_is_one_sign_in_and_keeps_its_cookie(world: World) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action", value="password")
    before = dict(browser.http.cookies)

    first = await browser.http.post(form.action, data={**form.values, **ENTERED})
    browser.http.cookies.clear()  # it hung up before it heard the answer
    browser.http.cookies.update(before)
    second = await browser.http.post(form.action, data={**form.values, **ENTERED})

    assert second.status_code == 303
    assert second.headers.get_list("set-cookie") == first.headers.get_list("set-cookie")
    assert world.rows("SELECT count(*) FROM session") == [1]
    assert (await browser.open("/account")).status_code == 200
    assert browser.here.endswith("/account")


async def test_of_thirty_posts_of_one_form_one_counts(world: World) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action", value="password")

    pages = await asyncio.gather(
        *(browser.http.post(form.action, data={**form.values, **ENTERED}) for _ in range(30))
    )

    assert {page.status_code for page in pages} == {303}
    assert len({page.headers["location"] for page in pages}) == 1
    assert world.rows("SELECT count(*) FROM session") == [1]
    assert [it["type"] for it in world.events()] == ["SignedIn"]


async def test_of_thirty_different_posts_of_one_form_one_counts(world: World) -> None:
    browser = await at_home(world)
    token = await devices(browser)

    pages = await asyncio.gather(*(end(browser, token, f"none {turn}") for turn in range(30)))

    assert sorted(page.status_code for page in pages) == [303, *[403] * 29]


async def test_what_was_refused_may_be_sent_again(world: World) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action", value="password")
    wrong = {**form.values, **ENTERED, "password": "not the password at all"}

    assert (await browser.http.post(form.action, data=wrong)).status_code == 400
    assert (await browser.http.post(form.action, data=wrong)).status_code == 400, "loaded again"
    right = await browser.http.post(form.action, data={**form.values, **ENTERED})

    assert right.status_code == 303


async def test_two_tabs_have_two_tokens(world: World) -> None:
    browser = await at_home(world)
    one, other = await devices(browser), await devices(browser)

    assert [(await end(browser, it)).status_code for it in (one, other)] == [303, 303]


async def test_a_token_is_of_one_page(world: World) -> None:
    browser = await at_home(world)
    token = await devices(browser)

    page = await browser.http.post("/sign-out", data={"csrf": token, "logout": "yes"})

    assert page.status_code == 403
    assert world.rows("SELECT count(*) FROM session WHERE ended_at IS NULL") == [1]


async def test_a_page_that_was_left_open_for_a_day_is_too_old(world: World) -> None:
    browser = await at_home(world)
    token = await devices(browser)

    world.now += LIFE - 1
    assert (await end(browser, token, "x")).status_code == 303
    token = await devices(browser)
    world.now += LIFE
    assert (await end(browser, token, "x")).status_code == 403


@pytest.mark.parametrize("route", [it for it in ROUTES if it.submit], ids=lambda it: it.path)
async def test_no_page_takes_a_form_without_a_token(world: World, route: Route) -> None:
    browser = await at_home(world)
    page = await browser.http.post(route.path, data={"action": "x"})

    assert page.status_code == 403, page.text
