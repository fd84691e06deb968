"""Several people in one browser: who goes on is asked once, and holds for one request."""

import pytest

from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, address, at_home, at_the_door, enter, told
from tests.oidc.front import Browser as Shop
from tests.oidc.front import answered
from tests.sample import ADA, BAO
from tests.world import World

pytestmark = pytest.mark.anyio

CHOOSE = "https://id.example/sign-in/choose?i="
WHO = "SELECT session_id FROM session ORDER BY auth_time"


async def both(world: World) -> Browser:
    """Ada signed in first, then Bao, in one browser."""
    browser = await at_home(world)
    world.now += 1
    await browser.open("/sign-in", ENGLISH)
    await enter(browser, BAO)
    world.now += 1
    return browser


async def choose(browser: Browser, world: World, number: int) -> None:
    """The one who signed in as this number in time."""
    await browser.press("session", world.rows(WHO)[number])


async def test_with_one_person_nobody_is_asked(world: World) -> None:
    browser = await at_home(world)

    await browser.open(address(scope="openid"))

    assert "code" in told(browser)


@pytest.mark.protocol(55)
async def test_with_two_it_is_asked_by_name_and_never_by_number(world: World) -> None:
    browser = await both(world)

    page = await browser.open(address(scope="openid"))

    assert browser.here.startswith(CHOOSE)
    assert "Ada Lovelace" in page.text
    assert page.text.count('name="session"') == 2
    assert not any(person.identifier in page.text for person in (ADA, BAO))


@pytest.mark.protocol(55, 58)
@pytest.mark.parametrize("number", [0, 1])
async def test_whoever_is_chosen_goes_on(world: World, number: int) -> None:
    browser = await both(world)
    await browser.open(address())
    await choose(browser, world, number)
    assert browser.here.startswith("https://id.example/decide?i=")

    await browser.press("decision", "share")

    assert "code" in told(browser)
    accounts = world.rows("SELECT account_id FROM session ORDER BY auth_time")
    assert world.rows("SELECT account_id FROM record") == [accounts[number]]


@pytest.mark.protocol(55)
async def test_the_next_request_asks_again(world: World) -> None:
    browser = await both(world)
    await browser.open(address(scope="openid"))
    await choose(browser, world, 0)
    assert "code" in told(browser)

    await browser.open(address(scope="openid"))

    assert browser.here.startswith(CHOOSE)


@pytest.mark.protocol(51)
async def test_prompt_none_cannot_ask(world: World) -> None:
    browser = await both(world)

    await browser.open(address(scope="openid", prompt="none"))

    assert told(browser)["error"] == "account_selection_required"


@pytest.mark.protocol(55)
async def test_one_person_is_asked_too_if_the_service_wants_it(world: World) -> None:
    browser = await at_home(world)
    world.now += 1
    await browser.open(address(scope="openid", prompt="select_account"))
    assert browser.here.startswith(CHOOSE)

    await choose(browser, world, 0)

    assert "code" in told(browser)


@pytest.mark.protocol(55)
async def test_where_nobody_is_signed_in_there_is_nobody_to_choose(world: World) -> None:
    browser = await at_the_door(world, prompt="select_account", scope="openid")
    world.now += 1

    await enter(browser)

    assert "code" in told(browser)


@pytest.mark.protocol(55)
async def test_another_account_can_be_used_and_is_the_one_that_goes_on(world: World) -> None:
    browser = await at_home(world)
    world.now += 1
    await browser.open(address(prompt="select_account"))
    await browser.open(link(browser))
    assert 'id="identifier"' in browser.page.text
    world.now += 1

    await enter(browser, BAO)
    await browser.press("decision", "share")

    assert "code" in told(browser)
    [*_, bao] = world.rows("SELECT account_id FROM session ORDER BY auth_time")
    assert world.rows("SELECT account_id FROM record") == [bao]


def link(browser: Browser) -> str:
    return (
        browser.page.text.partition('class="person" href="')[2]
        .partition('"')[0]
        .replace("&amp;", "&")
    )


async def test_two_tabs_each_go_on_as_who_signed_in_there(world: World) -> None:
    browser = await at_the_door(world, state="first")
    first = browser.form(button="action").action
    await browser.open(address(state="second"))
    second = browser.form(button="action").action
    world.now += 1
    for action, person in ((first, ADA), (second, BAO)):
        await browser.open(f"{action}&other=yes")
        await enter(browser, person)
        world.now += 1

    accounts = world.rows("SELECT account_id FROM session ORDER BY auth_time")
    for action, state in ((first, "first"), (second, "second")):
        await browser.open(action.replace("/sign-in", "/authorize/resume"))
        await browser.press("decision", "share")
        assert told(browser)["state"] == state

    assert world.rows("SELECT account_id FROM record ORDER BY given_at, rowid") == accounts


@pytest.mark.protocol(59)
@pytest.mark.parametrize("person", [ADA, BAO])
async def test_the_hint_of_a_number_says_who_is_meant(world: World, person: object) -> None:
    browser = await both(world)
    hint = ADA.identifier if person is ADA else BAO.identifier

    await browser.open(address(prompt="none", scope="openid", login_hint=hint))

    assert "code" in told(browser)


@pytest.mark.parametrize("hint", ["001099000099", "ada@example.org", "<script>"])
async def test_the_hint_of_somebody_else_says_nothing(world: World, hint: str) -> None:
    browser = await both(world)

    await browser.open(address(scope="openid", login_hint=hint))

    assert browser.here.startswith(CHOOSE)


@pytest.mark.protocol(59)
async def test_the_hint_of_a_token_says_who_is_meant(world: World) -> None:
    browser = await at_home(world)
    shop = Shop(world, browser)
    hint = (await shop.tokens())["id_token"]
    await browser.open("/sign-in")
    world.now += 1
    await enter(browser, BAO)

    answer = await shop.authorize(scope="openid", prompt="none", id_token_hint=hint)

    assert "code" in answered(answer)


async def test_who_cancels_goes_back(world: World) -> None:
    browser = await both(world)
    await browser.open(address())

    await browser.press("action", "cancel")

    assert told(browser)["error"] == "access_denied"


async def test_who_is_not_signed_in_here_cannot_be_chosen(world: World) -> None:
    elsewhere = await at_home(world)
    [stranger] = world.rows(WHO)
    world.now += 1
    browser = await both(world)
    await browser.open(address())

    page = await browser.press("session", stranger)

    assert elsewhere is not browser
    assert page.status_code == 409
    assert 'data-error="gone"' in page.text


async def test_who_signed_out_meanwhile_cannot_be_chosen(world: World) -> None:
    browser = await both(world)
    await browser.open(address())
    world.sql.execute("UPDATE session SET ended_at = 1")

    await choose(browser, world, 0)

    assert browser.here.startswith("https://id.example/sign-in?i=")


async def test_nobody_goes_on_in_place_of_who_was_chosen_and_is_gone(world: World) -> None:
    browser = await both(world)
    await browser.open(address())
    await choose(browser, world, 0)
    world.sql.execute(f"UPDATE session SET ended_at = 1 WHERE session_id = ({WHO} LIMIT 1)")

    await browser.press("decision", "share")
    assert browser.here.startswith("https://id.example/sign-in?i=")
    assert world.rows("SELECT count(*) FROM record") == [0]
    await enter(browser)

    assert browser.here.startswith("https://id.example/decide?i=")
    assert "Ada Lovelace" in browser.page.text


async def test_a_choice_in_another_browser_is_none(world: World) -> None:
    browser, other = await both(world), await both(world)
    await browser.open(address())

    page = await other.open(browser.here)

    assert page.status_code == 400
    assert 'data-error="interaction_expired"' in page.text


@pytest.mark.parametrize("token", ["", "x"])
async def test_a_choice_without_its_token_does_nothing(world: World, token: str) -> None:
    browser = await both(world)
    await browser.open(address(scope="openid"))
    where, form = browser.here, browser.form(button="session")
    session = form.buttons[0][1]

    page = await browser.send(form.action, [("csrf", token), ("session", session)])

    assert page.status_code == 403
    await browser.open(where.replace("/sign-in/choose", "/authorize/resume"))
    assert browser.here == where
