"""Changing how one signs in. NIST SP 800-63B-4 sections 3.1.1.2, 4.1.2 and 4.2.1.1."""

import re
from base64 import b32decode

import pytest

from idp.authentication.failures import MOST
from idp.pages.gate.once import REPEAT
from idp.sessions.fresh import FRESH
from oidc.endpoints.cookies import BROWSER
from store.database import Unchanged
from store.micros import SECOND
from tests.authenticator import App, at_the_code, give_app, say, set_level
from tests.browser import Browser
from tests.idp.pages.front import at_home, enter
from tests.oidc.front import Browser as Shop
from tests.oidc.front import userinfo
from tests.sample import ADA, BAO
from tests.world import World

pytestmark = pytest.mark.anyio

SECURITY = "https://id.example/account/security"
NEW = "four quiet herons wade"
CHANGES = ("password", "app", "app/remove", "codes")


def kinds(world: World) -> list[str]:
    return [event["type"] for event in world.events()]


def notices(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM outbox WHERE kind = 'notice'")[0])


def papers(browser: Browser) -> list[str]:
    return re.findall(r'<span dir="ltr">([0-9a-z-]{29})</span>', browser.page.text)


async def at_level_2(world: World) -> tuple[Browser, App]:
    """Signed in with password and code just now."""
    app = await give_app(world)
    browser = await at_the_code(world)
    await say(browser, app.code(world.now))
    return browser, app


async def before_the_picture(world: World) -> tuple[Browser, App]:
    """The app has read the key, and is not yet confirmed."""
    await set_level(world, ADA, 2)
    browser = await at_home(world)
    await browser.open("/account/security")
    await browser.open("/account/security/app")
    [key] = re.findall(r'<p class="key"[^>]*>([A-Z2-7 ]+)</p>', browser.page.text)
    return browser, App(b32decode(key.replace(" ", "")), ())


async def test_a_person_adds_an_app_and_gets_ten_codes_with_it(world: World) -> None:
    browser, app = await before_the_picture(world)
    assert '<svg viewBox="0 0 ' in browser.page.text
    assert world.rows("SELECT count(*) FROM totp") == [0], "nothing is kept before it is confirmed"

    await browser.press("add", "yes", code=app.code(world.now))

    codes = papers(browser)
    assert len(codes) == 10
    assert kinds(world)[-1] == "TotpAdded"
    assert notices(world) >= 1
    await browser.open("/account/security")
    assert "You have 10 codes left" in browser.page.text

    world.now += 60 * SECOND
    other = await at_the_code(world)
    await say(other, app.code(world.now))
    assert other.here.endswith("/account")
    other = await at_the_code(world)
    await say(other, codes[0])
    assert other.here.endswith("/account")
    await other.open("/account/security")
    assert "You have 9 codes left" in other.page.text


async def test_the_code_that_confirmed_it_signs_nobody_in(world: World) -> None:
    browser, app = await before_the_picture(world)
    await browser.press("add", "yes", code=app.code(world.now))
    other = await at_the_code(world)
    await say(other, app.code(world.now))
    assert 'data-error="wrong_code"' in other.page.text


async def test_an_app_that_shows_other_digits_is_not_added(world: World) -> None:
    browser, app = await before_the_picture(world)
    await browser.press("add", "yes", code=app.wrong(world.now))
    assert 'data-error="wrong_code"' in browser.page.text
    await browser.press("add", "yes")
    assert 'data-error="incomplete"' in browser.page.text
    assert world.rows("SELECT count(*) FROM totp") == [0]
    await browser.press("add", "yes", code=app.code(world.now))
    assert len(papers(browser)) == 10


async def test_the_picture_stays_the_same_when_it_is_loaded_again(world: World) -> None:
    browser, _ = await before_the_picture(world)
    first = drawn(browser)
    await browser.open(browser.here)
    assert drawn(browser) == first


def drawn(browser: Browser) -> str:
    [picture] = re.findall(r'<div class="qr-frame".*</div>', browser.page.text)
    return str(picture)


async def test_a_key_is_nobody_elses_and_good_once(world: World) -> None:
    browser, app = await before_the_picture(world)
    form, code = browser.form(button="add"), app.code(world.now)
    bao = await at_home(world, BAO)
    await bao.open("/account/security/app")
    values = {**bao.form(button="add").values, "e": form.values["e"], "code": code}
    await bao.send(form.action, [*values.items()])
    assert "/account/security/app?e=" in bao.here
    assert world.rows("SELECT count(*) FROM totp") == [0]

    values = {**form.values, "code": code}
    await browser.send(form.action, [*values.items()])
    shown = papers(browser)
    await browser.send(form.action, [*values.items()])
    assert papers(browser) == shown, "a double click: what it made is not lost"
    world.now += REPEAT
    await browser.send(form.action, [*values.items()])
    assert papers(browser) == []
    assert kinds(world).count("TotpAdded") == 1


async def test_two_keys_that_were_begun_make_one_app(world: World) -> None:
    browser, app = await before_the_picture(world)
    page = browser.page
    await browser.open("/account/security/app")
    [key] = re.findall(r'<p class="key"[^>]*>([A-Z2-7 ]+)</p>', browser.page.text)
    other = App(b32decode(key.replace(" ", "")), ())
    await browser.press("add", "yes", code=other.code(world.now))
    browser.page = page
    await browser.press("add", "yes", code=app.code(world.now))
    assert papers(browser) == []
    assert world.rows("SELECT count(*) FROM totp") == [1]


async def test_removing_the_app_ends_its_codes_and_leaves_the_password(world: World) -> None:
    browser, _ = await at_level_2(world)
    await browser.open("/account/security/app/remove")
    assert "cannot be used until you add an app" in browser.page.text

    await browser.press("remove", "yes")

    assert browser.here.startswith(SECURITY)
    assert "The authenticator app is removed" in browser.page.text
    assert world.rows("SELECT count(*) FROM totp") == [0]
    assert world.rows("SELECT count(*) FROM recovery_code") == [0]
    assert kinds(world)[-1] == "TotpRemoved"
    world.now += 1
    await at_home(world)
    assert world.rows("SELECT acr FROM session ORDER BY session_id DESC")[0] == "urn:nid:acr:1"


async def test_an_app_that_was_switched_off_counts_anew_once_it_is_another(world: World) -> None:
    browser, _ = await at_level_2(world)
    world.sql.execute(
        "INSERT INTO sign_in_failure SELECT 'totp ' || account_id, ?, 0 FROM totp", (MOST,)
    )
    await browser.open("/account/security/app/remove")
    await browser.press("remove", "yes")
    assert world.rows("SELECT count(*) FROM sign_in_failure") == [0]


async def test_nothing_changes_by_a_session_that_ended_in_that_moment(world: World) -> None:
    """Between the look and the commit."""
    browser, app = await at_level_2(world)
    site = world.house.site
    session = await site.sessions.current(browser.http.cookies.get(BROWSER), world.now)
    assert session is not None
    await site.sessions.end_all(session.account_id, world.now)
    before, changes = kinds(world), site.security.changes

    assert not await changes.remove_app(session, world.now)
    assert await changes.make_codes(session, 1, world.now) is None
    with pytest.raises(Unchanged):
        await changes.password(session, NEW, world.now)
    world.sql.execute("DELETE FROM totp")
    with pytest.raises(Unchanged):
        await changes.add_app(session, app.secret, app.code(world.now), world.now)

    assert kinds(world) == before


async def test_a_password_manager_is_told_whose_password_it_is(world: World) -> None:
    browser = await at_home(world)
    await browser.open("/account/security/password")

    field = f'<input type="text" autocomplete="username" value="{ADA.identifier}" readonly hidden>'
    assert field in browser.page.text


async def test_new_codes_replace_the_old_and_are_shown_once(world: World) -> None:
    browser, app = await at_level_2(world)
    await browser.open("/account/security/codes")
    form = browser.form(button="make")
    assert "10 codes that were not used" in browser.page.text

    await browser.press("make", "yes")

    codes = papers(browser)
    assert len({*codes, *app.papers}) == 20
    assert kinds(world)[-1] == "RecoveryCodesMade"
    await browser.send(form.action, [*form.values.items()])
    assert papers(browser) == [], "sent again it makes none"
    assert kinds(world).count("RecoveryCodesMade") == 1

    other = await at_the_code(world)
    await say(other, app.papers[0])
    assert 'data-error="wrong_code"' in other.page.text
    await say(other, codes[0])
    assert other.here.endswith("/account")


@pytest.mark.parametrize("seen", ["", "x", "-1", "1" * 10, "9" * 5000, "\u0661"])
async def test_what_names_no_set_of_codes_makes_none(world: World, seen: str) -> None:
    browser, _ = await at_level_2(world)
    await browser.open("/account/security/codes")
    await browser.press("make", "yes", seen=seen)
    assert browser.page.status_code == 400
    assert "RecoveryCodesMade" not in kinds(world)


async def test_only_who_has_an_app_has_codes(world: World) -> None:
    browser = await at_home(world)
    for path in ("codes", "app/remove"):
        await browser.open(f"/account/security/{path}")
        assert browser.here == SECURITY
    assert "Recovery codes" not in browser.page.text
    other, _ = await at_level_2(world)
    await other.open("/account/security/app")
    assert other.here == SECURITY


async def test_a_new_password_ends_every_other_session_and_what_rests_on_it(world: World) -> None:
    here, there, baos = await at_home(world), await at_home(world), await at_home(world, BAO)
    tokens = await Shop(world, there).tokens()
    world.now += SECOND
    await here.open("/account/security/password")

    await here.press("change", "yes", password=NEW)

    assert "Your password is changed" in here.page.text
    assert [it for it in kinds(world) if it in {"PasswordChanged", "SignedOut"}] == [
        "PasswordChanged",
        "SignedOut",
    ]
    await here.open("/account")
    assert here.here.endswith("/account")
    await there.open("/account")
    assert "/sign-in" in there.here
    await baos.open("/account")
    assert baos.here.endswith("/account")
    assert (await userinfo(world, tokens["access_token"])).status_code == 401

    other = world.browser()
    await other.open("/sign-in")
    await enter(other)
    assert 'data-error="wrong_credentials"' in other.page.text
    await enter(other, ADA.model_copy(update={"password": NEW}))
    assert other.here.endswith("/account")


async def test_there_is_no_new_password_while_somebody_is_in_by_the_old_one(world: World) -> None:
    here, there = await at_home(world), await at_home(world)
    await here.open("/account/security/password")
    world.sql.execute(
        "CREATE TRIGGER stays BEFORE UPDATE OF ended_at ON session"
        " BEGIN SELECT RAISE(ABORT, 'as if it all stopped here'); END"
    )

    await here.press("change", "yes", password=NEW)

    assert here.page.status_code >= 500
    assert "PasswordChanged" not in kinds(world)
    await there.open("/account")
    assert there.here.endswith("/account"), "nothing was done, or all of it"


@pytest.mark.parametrize(
    ("password", "error", "help_"),
    [
        ("", "incomplete", "Enter the new password."),
        ("fourteen chars", "password_short", "Add a word or two."),
        ("many of them and " * 20, "password_long", "at most 256 characters"),
        ("tab\tand more\tand more", "password_control", "Type it instead."),
        ("correct horse battery staple", "password_guessed", "nobody would expect together"),
        (f"{ADA.identifier} abc", "password_guessed", "nobody would expect together"),
        ("ada@example.org ada", "password_guessed", "nobody would expect together"),
        ("motcua-motcua-motcua", "password_guessed", "nobody would expect together"),
    ],
)
async def test_a_weak_password_is_refused_with_help(
    world: World, password: str, error: str, help_: str
) -> None:
    browser = await at_home(world)
    await browser.open("/account/security/password")
    await browser.press("change", "yes", password=password)
    assert browser.page.status_code == 400
    assert f'data-error="{error}"' in browser.page.text
    assert help_ in browser.page.text
    assert not password or password not in browser.page.text
    assert "PasswordChanged" not in kinds(world)


async def test_a_switched_off_password_works_again_once_it_is_another(world: World) -> None:
    browser = await at_home(world)
    digest = world.house.parts.accounts.number_digest(ADA.identifier)
    world.sql.execute("INSERT INTO sign_in_failure VALUES (?, ?, 0)", (digest, MOST))
    await browser.open("/account/security/password")
    await browser.press("change", "yes", password=NEW)
    assert world.rows("SELECT count(*) FROM sign_in_failure") == [0]


async def test_when_too_many_sign_in_at_once_the_password_stays(world: World) -> None:
    browser, pool = await at_home(world), world.house.site.sign_in.pool
    await browser.open("/account/security/password")
    inside, pool._inside = pool._inside, pool._most  # noqa: SLF001  every place is taken
    await browser.press("change", "yes", password=NEW)
    pool._inside = inside  # noqa: SLF001  as it was
    assert browser.page.status_code == 503
    assert "PasswordChanged" not in kinds(world)


@pytest.mark.parametrize("change", CHANGES)
async def test_who_signed_in_long_ago_does_so_again_first(world: World, change: str) -> None:
    browser, app = await at_level_2(world)
    world.now += FRESH + 1
    await browser.open(f"/account/security/{change}")
    assert "/sign-in?again=" in browser.here
    await enter(browser)
    await say(browser, app.code(world.now))
    back = SECURITY if change == "app" else f"{SECURITY}/{change}"
    assert browser.here == back


@pytest.mark.parametrize("change", CHANGES)
async def test_a_password_alone_is_not_enough_for_who_has_an_app(world: World, change: str) -> None:
    browser = await at_home(world)
    await give_app(world)
    await browser.open(f"/account/security/{change}")
    assert "/sign-in?again=" in browser.here


@pytest.mark.parametrize("change", CHANGES)
async def test_a_form_that_was_left_open_changes_nothing(world: World, change: str) -> None:
    browser, app = await at_level_2(world)
    if change == "app":
        world.sql.execute("DELETE FROM totp")
    await browser.open(f"/account/security/{change}")
    before = kinds(world)
    world.now += FRESH + 1
    form = browser.form(button=None)
    values = {**form.values, "password": NEW, "code": app.code(world.now)}
    await browser.send(f"/account/security/{change}", [*values.items()])
    assert "/sign-in?again=" in browser.here
    assert kinds(world) == before


@pytest.mark.parametrize("change", CHANGES)
async def test_a_forged_form_changes_nothing(world: World, change: str) -> None:
    browser, _ = await at_level_2(world)
    before = kinds(world)
    for pairs in ([], [("csrf", "x" * 43)]):
        more = [("password", NEW), ("seen", "1"), ("e", "x"), ("code", "1")]
        await browser.send(f"/account/security/{change}", [*pairs, *more])
        assert browser.page.status_code == 403
    assert kinds(world) == before


@pytest.mark.parametrize("path", ["", *(f"/{change}" for change in CHANGES)])
async def test_nobody_sees_it_without_signing_in(world: World, path: str) -> None:
    browser = world.browser()
    await browser.open(f"/account/security{path}")
    assert "/sign-in" in browser.here
