"""Officers sign in with their passkey alone; citizens and officers do not reach each other."""

import pytest

from idp.officers.sessions import IDLE, LIFE
from idp.pages.console.cookie import COOKIE
from idp.pages.console.paths import CONSOLE, KEYS, PROVE, SIGN_IN, SIGN_OUT, STOP
from idp.sessions.fresh import FRESH
from ledger.kinds import StrangerRefused
from oidc.endpoints.cookies import BROWSER, FLOW
from store.micros import MINUTE
from tests.browser import Browser
from tests.idp.console.desk import NIGHT_SHIFT, active, an_officer, is_in, sign_in, use, visitor
from tests.idp.pages.front import at_home, token_for
from tests.idp.pages.keyring import enter_by_passkey, options, with_passkey
from tests.soft_passkey import BE, BS, UP, UV, Authenticator, Lie
from tests.world import World

pytestmark = pytest.mark.anyio
HERE = "https://id.example"


async def test_an_officer_signs_in_with_the_passkey_that_they_made(world: World) -> None:
    device = Authenticator()
    await an_officer(world, device)

    browser = await sign_in(world, device)

    assert browser.here == f"{HERE}{KEYS}"
    await browser.open(SIGN_IN)
    assert browser.here == f"{HERE}{KEYS}"
    await browser.open(CONSOLE)
    assert browser.here == f"{HERE}{KEYS}"


@pytest.mark.parametrize("path", [CONSOLE, KEYS, STOP, PROVE, f"{STOP}?key=x"])
async def test_nobody_sees_a_page_who_is_not_in(world: World, path: str) -> None:
    browser = visitor(world)
    await browser.open(path)
    assert browser.here == f"{HERE}{SIGN_IN}"


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (Lie(flags=UP | BE | BS), "verification"),
        (Lie(flags=UP | UV), "backup"),
        (Lie(origin="https://shop.example"), "origin"),
        (Lie(rp_id="shop.example"), "rp id"),
        (Lie(members={"crossOrigin": True}), "cross-origin"),
        (Lie(challenge="AAAA"), "challenge"),
        (Lie(user_handle="AAAA"), "user handle"),
        (Lie(credential_id=b"nobody's"), "unknown"),
        (Lie(signature=lambda it: it[:-1] + bytes([it[-1] ^ 1])), "signature"),
    ],
)
async def test_what_is_not_their_passkey_lets_nobody_in(world: World, lie: Lie, why: str) -> None:
    device = Authenticator()
    await an_officer(world, device)

    browser = await sign_in(world, device, lie)

    assert browser.page.status_code == 400
    assert '<body data-error="passkey_refused">' in browser.page.text
    assert not is_in(browser)
    if why in {"user handle", "unknown"}:
        assert world.watch.seen[-1] == StrangerRefused(door="console", reason=why)
        assert world.events()[-1]["type"] != "OfficerSignInFailed", "strangers leave nothing"
    else:
        failed = world.events()[-1]
        assert (failed["type"], failed["reason"]) == ("OfficerSignInFailed", f"passkey: {why}")


async def test_a_copy_that_counts_apart_is_refused(world: World) -> None:
    device = Authenticator(counts=True)
    await an_officer(world, device)
    assert is_in(await sign_in(world, device))
    device.count = 0

    assert not is_in(await sign_in(world, device))
    assert world.events()[-1]["reason"] == "passkey: sign count"


async def test_an_answer_counts_once(world: World) -> None:
    device = Authenticator()
    await an_officer(world, device)
    browser = visitor(world)
    await browser.open(SIGN_IN)
    asked = device.sign_in(options(browser))
    await browser.press("action", "passkey", credential=asked)
    assert is_in(browser)
    token = token_for(world, browser, SIGN_IN, FLOW)

    again = await browser.http.post(SIGN_IN, data={"csrf": token, "credential": asked})

    assert again.status_code == 400
    assert world.events()[-1]["reason"] == "passkey: challenge"


async def test_a_form_without_a_passkey_says_what_it_needs(world: World) -> None:
    browser = visitor(world)
    await browser.open(SIGN_IN)
    token = token_for(world, browser, SIGN_IN, FLOW)

    page = await browser.http.post(SIGN_IN, data={"csrf": token})

    assert page.status_code == 400
    assert '<body data-error="passkey_missing">' in page.text


async def test_a_late_answer_may_be_given_again(world: World) -> None:
    device = Authenticator()
    await an_officer(world, device)
    browser = visitor(world)
    await browser.open(SIGN_IN)
    asked = device.sign_in(options(browser))
    world.now += 5 * MINUTE

    await browser.press("action", "passkey", credential=asked)
    assert '<body data-error="passkey_expired">' in browser.page.text
    assert world.events()[-1]["reason"] == "passkey: expired"
    await use(browser, device)
    assert is_in(browser)


async def test_a_citizen_is_nobody_at_the_console(world: World) -> None:
    citizen = await at_home(world)
    secret = citizen.http.cookies.get(BROWSER) or ""
    citizen.http.cookies.set(COOKIE, secret, domain="id.example")

    for path in (KEYS, STOP, PROVE):
        await citizen.open(path)
        assert citizen.here == f"{HERE}{SIGN_IN}"


async def test_a_citizen_s_passkey_does_not_open_the_console(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)

    browser = await sign_in(world, device)

    assert not is_in(browser)
    assert world.watch.seen[-1] == StrangerRefused(door="console", reason="unknown")


async def test_an_officer_is_nobody_at_the_account(world: World) -> None:
    officer = await an_officer(world, Authenticator())
    officer.http.cookies.set(BROWSER, officer.http.cookies.get(COOKIE) or "", domain="id.example")

    for path in ("/account", "/account/security", "/account/devices"):
        await officer.open(path)
        assert officer.here.startswith(f"{HERE}/sign-in")


async def test_an_officer_s_passkey_does_not_open_an_account(world: World) -> None:
    device = Authenticator()
    await an_officer(world, device)

    browser = await enter_by_passkey(world, device)

    assert '<body data-error="passkey_refused">' in browser.page.text
    assert browser.http.cookies.get(BROWSER) is None


async def test_who_does_nothing_for_a_while_is_out(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    world.now += IDLE - 1
    await browser.open(KEYS)
    assert browser.here == f"{HERE}{KEYS}"

    world.now += IDLE
    await browser.open(KEYS)
    assert browser.here == f"{HERE}{SIGN_IN}"


async def test_who_goes_on_is_out_after_a_shift(world: World) -> None:
    """However busy: at no moment has nothing been done for so long that this ends it."""
    browser = await an_officer(world, Authenticator())
    ends = world.now + LIFE
    while world.now < ends - 1:
        world.now = min(world.now + IDLE * 2 // 3, ends - 1)
        await browser.open(KEYS)
        assert browser.here == f"{HERE}{KEYS}"

    world.now = ends
    await browser.open(KEYS)

    assert browser.here == f"{HERE}{SIGN_IN}"


async def test_who_signs_out_is_out_even_with_the_cookie_of_before(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    secret = browser.http.cookies.get(COOKIE) or ""

    await browser.press("action", "out")

    assert browser.here == f"{HERE}{SIGN_IN}"
    assert not is_in(browser)
    browser.http.cookies.set(COOKIE, secret, domain="id.example")
    await browser.open(KEYS)
    assert browser.here == f"{HERE}{SIGN_IN}"
    assert world.events()[-1]["type"] == "OfficerSignedOut"


async def test_who_has_been_out_already_may_press_the_button(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    world.now += IDLE

    await browser.press("action", "out")

    assert browser.here == f"{HERE}{SIGN_IN}"


async def asked_to_prove(world: World, browser: Browser) -> str:
    """Wants to stop a key, and has to prove first who they are. The key's name."""
    world.now += FRESH + 1
    kid = await active(world)
    await browser.open(f"{STOP}?key={kid}")
    assert browser.here.startswith(f"{HERE}{PROVE}?"), browser.here
    return kid


async def test_before_a_change_the_passkey_is_asked_for_once_more(world: World) -> None:
    device = Authenticator()
    browser = await an_officer(world, device)
    before = browser.http.cookies.get(COOKIE)
    kid = await asked_to_prove(world, browser)

    await use(browser, device)

    assert browser.here == f"{HERE}{STOP}?key={kid}"
    assert browser.http.cookies.get(COOKIE) != before
    assert world.events()[-1]["type"] == "OfficerSignedIn"
    await browser.open(PROVE)
    assert browser.here == f"{HERE}{KEYS}"


async def test_another_officer_s_passkey_proves_nothing(world: World) -> None:
    mine, theirs = Authenticator(), Authenticator()
    browser = await an_officer(world, mine)
    await an_officer(world, theirs, NIGHT_SHIFT)
    await asked_to_prove(world, browser)

    await use(browser, theirs)

    assert '<body data-error="passkey_refused">' in browser.page.text
    assert world.events()[-1]["reason"] == "passkey: another officer"


async def test_a_form_without_a_proof_says_what_it_needs_and_keeps_the_way(world: World) -> None:
    browser = await an_officer(world, device := Authenticator())
    kid = await asked_to_prove(world, browser)
    values = browser.form(button="action").values
    del values["credential"]

    await browser.send(PROVE, [*values.items()])
    assert '<body data-error="passkey_missing">' in browser.page.text
    await use(browser, device)

    assert browser.here == f"{HERE}{STOP}?key={kid}"


async def test_who_has_meanwhile_been_out_proves_nothing(world: World) -> None:
    browser = await an_officer(world, device := Authenticator())
    await asked_to_prove(world, browser)
    asked = device.sign_in(options(browser))
    world.now += IDLE

    await browser.press("action", "passkey", credential=asked)

    assert browser.here == f"{HERE}{SIGN_IN}"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/account", "/console"])
async def test_a_proof_leads_to_pages_of_the_console_alone(world: World, to: str) -> None:
    browser = await an_officer(world, device := Authenticator())
    await browser.open(f"{PROVE}?to={to}&key=../../x")
    assert browser.here == f"{HERE}{KEYS}", "proven just now"
    world.now += FRESH + 1
    await browser.open(f"{PROVE}?to={to}&key=../../x")
    asked = device.sign_in(options(browser))

    await browser.press("action", "passkey", credential=asked, to=to, key="../../x")

    assert browser.here == f"{HERE}{KEYS}"
    assert world.events()[-1]["type"] == "OfficerSignedIn"


@pytest.mark.parametrize("path", [SIGN_IN, PROVE, SIGN_OUT])
@pytest.mark.parametrize("token", ["", "made up"])
async def test_a_form_that_is_not_ours_does_nothing(world: World, path: str, token: str) -> None:
    browser = await an_officer(world, Authenticator())

    answer = await browser.http.post(path, data={"csrf": token, "credential": "{}"})

    assert answer.status_code == 403
    assert "Back to the keys" in answer.text
    await browser.open(KEYS)
    assert browser.here == f"{HERE}{KEYS}"
