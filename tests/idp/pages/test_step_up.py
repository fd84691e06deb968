"""What is missing is asked for, in words, and nothing else. OpenID Connect Core 3.1.2.1, 5.5.1.1.

Never a lower ``acr`` than a service needs, and always the true one.
"""

import json
import re

import pytest

from idp.sessions.lives import IDLE_OF_2, LIFE_OF_2
from store.micros import HOUR, MINUTE, SECOND
from tests.authenticator import App, at_the_code, give_app, say, set_level
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, address, at_home, at_the_door, enter, told
from tests.idp.pages.keyring import add, enter_by_passkey, with_passkey
from tests.oidc.front import exchange, read_token
from tests.sample import ADA, BAO
from tests.soft_passkey import Authenticator
from tests.world import World

pytestmark = pytest.mark.anyio

ACR = "urn:nid:acr:{}"
NEEDED = json.dumps({"id_token": {"acr": {"essential": True, "value": ACR.format(2)}}})
CODE = "https://id.example/sign-in/code?"
FORM = "https://id.example/sign-in?i="


async def acr_told(world: World, browser: Browser) -> tuple[str, int]:
    """What the service hears in the end: how surely, and since when."""
    answer = await exchange(world, told(browser)["code"])
    claims = (await read_token(world, answer.json()["id_token"])).claims
    return str(claims["acr"]), int(claims["auth_time"]) * SECOND


async def at_level_2(world: World) -> tuple[Browser, App]:
    """Ada has signed in by her password and a code."""
    app = await give_app(world)
    browser = await at_the_code(world)
    await say(browser, app.code(world.now))
    return browser, app


def heard(browser: Browser) -> str:
    """The page as it is read, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", browser.page.text))


@pytest.mark.protocol(48)
async def test_where_level_1_is_left_the_code_alone_is_asked_for(world: World) -> None:
    browser = await at_home(world)
    app = await give_app(world)
    begun = world.now
    world.now += 23 * HOUR

    await browser.open(address(scope="openid", claims=NEEDED), ENGLISH)
    assert browser.here.startswith(CODE)
    assert "needs a stronger sign-in. You are signed in already" in heard(browser)
    await say(browser, app.code(world.now))

    assert await acr_told(world, browser) == (ACR.format(2), begun - begun % SECOND)


@pytest.mark.protocol(48)
async def test_after_an_hour_of_nothing_what_lies_beside_the_device_is_not_enough(
    world: World,
) -> None:
    browser, _ = await at_level_2(world)
    world.now += IDLE_OF_2

    await browser.open(address(scope="openid", claims=NEEDED), ENGLISH)

    assert browser.here.startswith(FORM)
    assert "Use your password and a code." in heard(browser)


@pytest.mark.protocol(48)
async def test_a_day_after_the_password_all_is_asked_for_but_the_number(world: World) -> None:
    browser, app = await at_level_2(world)
    world.now += LIFE_OF_2

    await browser.open(address(scope="openid", claims=NEEDED), ENGLISH)
    assert browser.here.startswith(FORM)
    assert "Trade needs a stronger sign-in. Use your password and a code." in heard(browser)
    assert 'id="identifier"' not in browser.page.text
    assert ADA.identifier not in browser.page.text
    assert "Ada Lovelace" in browser.page.text
    await browser.press("action", "password", password=ADA.password)
    await say(browser, app.code(world.now))

    assert (await acr_told(world, browser))[0] == ACR.format(2)


@pytest.mark.protocol(48)
async def test_a_code_makes_the_password_last_no_longer(world: World) -> None:
    browser = await at_home(world)
    app = await give_app(world)
    begun = world.now
    world.now += LIFE_OF_2 - MINUTE
    await browser.open(address(scope="openid", claims=NEEDED))
    await say(browser, app.code(world.now))
    assert "code" in told(browser)
    assert world.rows("SELECT auth_time FROM session") == [begun]

    world.now = begun + LIFE_OF_2
    await browser.open(address(scope="openid", claims=NEEDED))

    assert browser.here.startswith(FORM)


@pytest.mark.protocol(48)
async def test_who_has_no_second_factor_is_told_what_to_do_and_the_service_too(
    world: World,
) -> None:
    world.sql.execute("UPDATE account SET level = 2")
    browser = await at_the_door(world, scope="openid", claims=NEEDED)
    assert "Use your passkey, or your password and a code." in heard(browser)
    world.now += SECOND

    await enter(browser)
    assert 'data-error="out_of_reach"' in browser.page.text
    assert "Add a passkey or an authenticator app" in heard(browser)
    again = await browser.open(browser.here)
    assert 'data-error="out_of_reach"' in again.text, "it does not go round"
    await browser.press("action", "cancel")

    assert told(browser)["error"] == "unmet_authentication_requirements"


@pytest.mark.protocol(48)
async def test_whose_identity_is_not_sure_enough_is_told_so(world: World) -> None:
    app = await give_app(world)
    world.sql.execute("UPDATE account SET level = 1")
    browser = await at_the_code(world, address=address(scope="openid", claims=NEEDED))

    await say(browser, app.code(world.now))

    assert "Take your identity card to any public service counter" in heard(browser)


@pytest.mark.protocol(48)
async def test_where_one_cannot_another_person_may(world: World) -> None:
    app = await give_app(world)
    browser = await at_home(world, BAO)
    world.now += SECOND
    await browser.open(address(scope="openid", claims=NEEDED))
    assert 'data-error="out_of_reach"' in browser.page.text

    await browser.open(link(browser))
    await enter(browser, ADA)
    await say(browser, app.code(world.now))

    assert (await acr_told(world, browser))[0] == ACR.format(2)


@pytest.mark.protocol(48)
async def test_what_one_person_has_does_not_bind_another(world: World) -> None:
    app = await give_app(world, BAO)
    await set_level(world, ADA, 2)
    browser = await with_passkey(world, Authenticator())
    world.now += SECOND
    await browser.open(address(scope="openid", claims=NEEDED))
    assert 'id="password"' not in browser.page.text, "a passkey is all that would do for Ada"

    await browser.open(link(browser))
    assert "Use your passkey, or your password and a code." in heard(browser)
    await enter(browser, BAO)
    await say(browser, app.code(world.now))

    assert (await acr_told(world, browser))[0] == ACR.format(2)


def link(browser: Browser) -> str:
    """To use another account."""
    [found] = re.findall(r'<a class="small" href="([^"]+)"', browser.page.text)
    return str(found).replace("&amp;", "&")


@pytest.mark.protocol(47)
async def test_a_wish_is_reached_by_who_can(world: World) -> None:
    browser = await at_home(world)
    app = await give_app(world)
    world.now += 23 * HOUR

    await browser.open(address(scope="openid", acr_values=ACR.format(2)))
    assert browser.here.startswith(CODE)
    await say(browser, app.code(world.now))

    assert (await acr_told(world, browser))[0] == ACR.format(2)


@pytest.mark.protocol(47)
async def test_a_wish_stops_nobody_who_cannot(world: World) -> None:
    browser = await at_home(world)
    world.now += SECOND

    await browser.open(address(scope="openid", acr_values=ACR.format(2)))

    assert (await acr_told(world, browser))[0] == ACR.format(1)


@pytest.mark.protocol(47)
async def test_a_wish_stops_nobody_who_would_rather_not(world: World) -> None:
    browser, _ = await at_level_2(world)
    world.now += LIFE_OF_2
    await browser.open(address(scope="openid", acr_values=ACR.format(2)), ENGLISH)
    assert "Go on without it" in heard(browser)

    await browser.press("action", "as_is")

    assert (await acr_told(world, browser))[0] == ACR.format(1)


@pytest.mark.protocol(47)
async def test_whoever_would_rather_not_look_for_their_code_goes_on_without(world: World) -> None:
    browser = await at_home(world)
    await give_app(world)
    world.now += 23 * HOUR
    await browser.open(address(scope="openid", acr_values=ACR.format(2)))
    assert browser.here.startswith(CODE)
    assert "Trade would like a stronger sign-in." in heard(browser)

    await browser.press("action", "as_is")

    assert (await acr_told(world, browser))[0] == ACR.format(1)


@pytest.mark.protocol(48)
async def test_who_has_a_passkey_too_may_use_it_instead_of_the_code(world: World) -> None:
    browser, device = await at_home(world), Authenticator()
    await add(browser, device)
    await give_app(world)
    world.now += SECOND
    await browser.open(address(scope="openid", claims=NEEDED))
    assert browser.here.startswith(CODE)
    assert "Go on without it" not in heard(browser)
    form = browser.form(button="action")
    await browser.send(form.action, [*form.values.items(), ("action", "as_is")])
    assert browser.here.startswith(CODE), "it is needed"

    [instead] = re.findall(r'<a href="([^"]+)">Use your passkey instead', browser.page.text)
    await browser.open(instead.replace("&amp;", "&"))
    assert "Use your passkey, or your password and a code." in heard(browser)
    await enter_by_passkey(world, device, browser=browser)

    assert (await acr_told(world, browser))[0] == ACR.format(2)


@pytest.mark.protocol(48)
async def test_what_is_needed_cannot_be_gone_on_without(world: World) -> None:
    browser, _ = await at_level_2(world)
    world.now += LIFE_OF_2
    await browser.open(address(scope="openid", claims=NEEDED), ENGLISH)
    assert "Go on without it" not in heard(browser)
    where = browser.here

    await browser.press("action", "password")
    form = browser.form(button="action")
    await browser.send(form.action, [*form.values.items(), ("action", "as_is")])

    assert browser.here == where


@pytest.mark.protocol(54, 56)
@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "1"}])
async def test_who_is_known_is_greeted_and_asked_for_their_own_password(
    world: World, changes: dict[str, str]
) -> None:
    browser = await at_home(world)
    world.now += MINUTE
    await browser.open(address(scope="openid", **changes))
    assert "wants to be sure that it is still you" in heard(browser)
    assert "Ada Lovelace" in browser.page.text
    assert ADA.identifier not in browser.page.text

    page = await browser.press("action", "password", password=BAO.password)
    assert page.status_code == 400
    assert "The password is not right" in heard(browser)
    assert ADA.identifier not in browser.page.text
    await browser.press("action", "password", password=ADA.password)

    assert await acr_told(world, browser) == (ACR.format(1), world.now - world.now % SECOND)


@pytest.mark.protocol(54)
async def test_signing_in_again_asks_for_the_code_too(world: World) -> None:
    browser, app = await at_level_2(world)
    world.now += MINUTE

    await browser.open(address(scope="openid", prompt="login"))
    assert browser.here.startswith(FORM)
    await browser.press("action", "password", password=ADA.password)
    assert browser.here.startswith(CODE)
    await say(browser, app.code(world.now))

    assert "code" in told(browser)


async def test_who_was_greeted_and_signed_out_meanwhile_says_who_they_are(world: World) -> None:
    browser = await at_home(world)
    world.now += MINUTE
    await browser.open(address(prompt="login"))
    world.sql.execute("UPDATE session SET ended_at = 1")

    page = await browser.press("action", "password", password=ADA.password)

    assert page.status_code == 400
    assert 'id="identifier"' in page.text


async def test_nobody_is_greeted_by_the_session_of_another_browser(world: World) -> None:
    await at_home(world)
    [session] = world.rows("SELECT session_id FROM session")
    browser = await at_the_door(world)

    page = await browser.press("action", "password", password=ADA.password, who=session)

    assert page.status_code == 400
    assert len(world.rows("SELECT 1 FROM session")) == 1


@pytest.mark.protocol(59)
async def test_another_person_than_is_meant_is_told_so(world: World) -> None:
    browser = await at_home(world)
    claims = json.dumps({"id_token": {"sub": {"value": "somebody"}}})
    world.now += SECOND

    await browser.open(address(scope="openid", claims=claims))
    assert "expects somebody else" in heard(browser)
    world.now += SECOND
    await enter(browser, BAO)

    assert told(browser)["error"] == "login_required"


async def test_who_goes_back_to_the_page_after_signing_in_goes_on(world: World) -> None:
    browser = await at_the_door(world)
    where = browser.here
    world.now += SECOND
    await enter(browser)
    assert "/decide?i=" in browser.here

    await browser.open(where)

    assert "/decide?i=" in browser.here
    assert len(world.rows("SELECT 1 FROM session")) == 1


@pytest.mark.protocol(47, 48)
@pytest.mark.parametrize("account", [1, 2])
@pytest.mark.parametrize("app", [False, True])
@pytest.mark.parametrize("age", [0, IDLE_OF_2, LIFE_OF_2])
async def test_the_acr_is_the_lowest_of_account_means_and_age(
    world: World, account: int, app: bool, age: int
) -> None:
    shown = await give_app(world) if app else None
    world.sql.execute(f"UPDATE account SET level = {account}")
    if shown:
        browser = await at_the_code(world)
        await say(browser, shown.code(world.now))
    else:
        browser = await at_home(world)
    world.now += age

    await browser.open(address(scope="openid"))

    expected = 2 if account == 2 and app and not age else 1
    assert (await acr_told(world, browser))[0] == ACR.format(expected)
    await browser.open(address(scope="openid", prompt="none", claims=NEEDED))
    assert ("code" in told(browser)) == (expected == 2), "never a lower one than is needed"
