"""Back, reload and cancel on every page of an errand: it works again, or says what to do next.

RFC 9700 section 4.7: an errand ends once; nothing happens twice.
"""

import pytest

from idp.pages.gate.once import REPEAT
from store.micros import SECOND
from tests.authenticator import at_the_code, give_app, say
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, address, at_home, at_the_door, enter, told
from tests.world import World

pytestmark = pytest.mark.anyio


async def at(world: World, page: str) -> Browser:
    """Before this page of an errand of Shop."""
    if page == "code":
        await give_app(world)
        return await at_the_code(world, address=address())
    if page == "choose":
        browser = await at_home(world)
        world.now += SECOND
        await browser.open(address(prompt="select_account"))
        return browser
    browser = await at_the_door(world)
    if page == "decide":
        await enter(browser)
    if page == "again":
        await enter(browser)
        world.now += SECOND
        await browser.open(address(prompt="login"))
    return browser


PAGES = {
    "sign-in": ("/sign-in?i=", "action", "cancel"),
    "code": ("/sign-in/code?", "action", "cancel"),
    "again": ("/sign-in?i=", "action", "cancel"),
    "choose": ("/sign-in/choose?i=", "action", "cancel"),
    "decide": ("/decide?i=", "decision", "refuse"),
}


@pytest.mark.parametrize("page", PAGES)
async def test_who_cancels_is_told_of_once_and_back_leads_to_a_page_that_says_so(
    world: World, page: str
) -> None:
    browser = await at(world, page)
    path, name, value = PAGES[page]
    where, form = browser.here, browser.form(button=name, value=value)
    assert where.startswith(f"https://id.example{path}")

    await browser.press(name, value)
    assert told(browser)["error"] == "access_denied"
    again = await browser.open(where, ENGLISH)
    assert again.status_code == 400
    assert 'data-error="interaction_expired"' in again.text
    assert "Go back to the service and start again." in again.text
    pairs = [*form.values.items(), (name, value)]
    await browser.send(form.action, pairs)
    assert told(browser)["error"] == "access_denied", "a double click"
    world.now += REPEAT
    sent = await browser.send(form.action, pairs)

    assert sent.status_code == 403
    assert 'data-error="form_used"' in sent.text
    assert "go back to the service" in sent.text


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_that_is_loaded_again_still_works(world: World, page: str) -> None:
    browser = await at(world, page)
    where, rows = browser.here, world.rows("SELECT count(*) FROM event")

    for _ in range(2):
        await browser.open(where)
        assert browser.here == where

    assert world.rows("SELECT count(*) FROM event") == rows
    _, name, value = PAGES[page]
    await browser.press(name, value)
    assert told(browser)["error"] == "access_denied"


async def test_a_form_sent_again_after_its_errand_does_nothing(
    world: World,
) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action")
    await enter(browser)
    await browser.press("decision", "share")
    assert "code" in told(browser)

    page = await browser.send(form.action, [*form.values.items(), ("action", "password")])

    assert page.status_code == 403
    assert world.rows("SELECT count(*) FROM record") == [1]


async def test_back_to_the_code_after_it_was_right_goes_on(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world, address=address())
    where = browser.here
    await say(browser, app.code(world.now))

    await browser.open(where)

    assert "/decide?i=" in browser.here
    assert world.rows("SELECT count(*) FROM session") == [1]


async def test_back_from_the_service_ends_at_a_page_that_says_so(world: World) -> None:
    browser = await at_the_door(world)
    door = browser.here
    await enter(browser)
    decision = browser.here
    await browser.press("decision", "share")
    assert "code" in told(browser)

    for where in (decision, door, door.replace("/sign-in", "/authorize/resume")):
        page = await browser.open(where)
        assert page.status_code == 400
        assert 'data-error="interaction_expired"' in page.text
