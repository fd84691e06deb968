"""Forms that our own pages did not send do nothing. NIST SP 800-63B-4 section 5.1."""

import pytest

from tests.idp.pages.front import at_home, at_the_door, before_the_decision
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
    token = other.form(button="session").values["csrf"]

    page = await browser.http.post("/account/sessions", data={"csrf": token, "session": "all"})

    assert page.status_code == 403
    assert (await browser.open("/account")).status_code == 200


@pytest.mark.parametrize("path", ["/account/sessions", "/account/stop", "/sign-out"])
async def test_without_a_session_no_form_counts(world: World, path: str) -> None:
    page = await world.browser().send(path, [("csrf", "x"), ("session", "all"), ("logout", "yes")])

    assert page.status_code == 403
