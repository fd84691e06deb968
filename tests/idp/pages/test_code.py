"""The code after the password. NIST SP 800-63B-4 sections 3.1.2, 3.1.4 and 3.2.2.

No session is ever above what was proven, and none starts from a step that was skipped, repeated or
taken elsewhere.
"""

import asyncio
import re

import pytest

from idp.accounts.person import Person
from idp.authentication.failures import FREE, MOST, delay
from idp.authentication.half_way import PATIENCE
from idp.pages.paths import CODE
from oidc.endpoints.cookies import FLOW
from tests.authenticator import at_the_code, give_app, say, say_anew
from tests.browser import Browser
from tests.idp.pages.front import address, at_the_door, enter, token_for, told
from tests.sample import ADA, BAO
from tests.world import World

pytestmark = pytest.mark.anyio

HOME = "https://id.example/account"
MADE = r'name="csrf" value="[^"]+"|i=[\w.-]+|data-options="[^"]+"'
"""What differs from one showing of a page to the next."""


def sessions(world: World) -> list[str]:
    return world.rows("SELECT acr || ' ' || amr FROM session WHERE ended_at IS NULL")


def trouble(browser: Browser) -> str:
    [found] = re.findall(r'data-error="(\w+)"', browser.page.text)
    return str(found)


async def test_password_and_code_reach_level_2(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    assert sessions(world) == [], "the password alone starts nothing"

    await say(browser, app.code(world.now))

    assert browser.here == HOME
    assert sessions(world) == ["urn:nid:acr:2 pwd otp mfa"]
    assert world.events()[-1]["amr"] == ["pwd", "otp", "mfa"]


async def test_never_above_the_level_of_the_account(world: World) -> None:
    app = await give_app(world)
    world.sql.execute("UPDATE account SET level = 1")
    await say(await at_the_code(world), app.code(world.now))
    assert sessions(world) == ["urn:nid:acr:1 pwd otp mfa"]


async def test_it_leads_on_with_what_a_service_asked(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world, address=address())
    assert "<strong>Shop</strong>" in browser.page.text
    await say(browser, app.code(world.now))
    assert browser.here.startswith("https://id.example/decide?i=")


@pytest.mark.parametrize("off", [-1, 0, 1])
async def test_a_code_is_good_once(world: World, off: int) -> None:
    app = await give_app(world)
    code = app.code(world.now, steps=off)
    await say(await at_the_code(world), code)
    again = await at_the_code(world)
    await say(again, code)
    assert trouble(again) == "wrong_code"
    assert len(sessions(world)) == 1


async def test_an_older_code_than_the_last_is_none(world: World) -> None:
    app = await give_app(world)
    await say(await at_the_code(world), app.code(world.now))
    again = await at_the_code(world)
    await say(again, app.code(world.now, steps=-1))
    assert trouble(again) == "wrong_code"
    await say(again, app.code(world.now, steps=1))
    assert again.here == HOME


async def test_of_thirty_who_bring_one_code_one_is_let_in(world: World) -> None:
    app = await give_app(world)
    browsers = [await at_the_code(world) for _ in range(FREE)]
    await asyncio.gather(
        *(say_anew(world, it, app.code(world.now)) for it in browsers for _ in range(6))
    )
    assert len(sessions(world)) == 1
    assert [event["type"] for event in world.events()].count("SignedIn") == 1


async def test_a_recovery_code_stands_in_for_the_app_once(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    link = re.search(r'<a href="([^"]+with=paper)"', browser.page.text)
    assert link is not None
    await browser.open(link[1].replace("&amp;", "&"))
    await say(browser, app.papers[0].upper().replace("-", " "))
    assert browser.here == HOME
    assert sessions(world) == ["urn:nid:acr:2 pwd otp mfa"]
    assert [it["type"] for it in world.events()[-2:]] == ["RecoveryCodeUsed", "SignedIn"]

    again = await at_the_code(world)
    await say(again, app.papers[0])
    assert trouble(again) == "wrong_code"
    await say(again, app.papers[1])
    assert again.here == HOME


async def test_of_thirty_who_bring_one_recovery_code_one_is_let_in(world: World) -> None:
    app = await give_app(world)
    browsers = [await at_the_code(world) for _ in range(10)]
    await asyncio.gather(*(say_anew(world, it, app.papers[0]) for it in browsers for _ in range(3)))
    assert len(sessions(world)) == 1
    assert world.rows("SELECT count(*) FROM recovery_code WHERE used_at IS NOT NULL") == [1]


async def test_a_recovery_code_is_its_owners_alone(world: World) -> None:
    await give_app(world)
    baos = await give_app(world, BAO)
    browser = await at_the_code(world)
    await say(browser, baos.papers[0])
    assert trouble(browser) == "wrong_code"


async def test_wrong_codes_are_counted_apart_from_wrong_passwords(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    for _ in range(FREE):
        await say(browser, app.wrong(world.now))
    assert browser.page.status_code == 429
    assert browser.page.headers["retry-after"] == "1"
    assert "in 1 second." in browser.page.text
    await say(browser, app.code(world.now))
    assert trouble(browser) == "too_many_attempts", "even the right one is not looked at"

    other = await at_the_code(world)
    assert other.page.status_code == 200, "the password is not delayed"
    world.now += delay(FREE)
    await say(browser, app.code(world.now))
    assert browser.here == HOME
    assert world.rows("SELECT count(*) FROM sign_in_failure") == [0]


async def test_at_the_hundredth_the_app_is_off_and_the_paper_is_not(world: World) -> None:
    app = await give_app(world)
    world.sql.execute(
        "INSERT INTO sign_in_failure SELECT 'totp ' || account_id, ?, 0 FROM totp", (MOST,)
    )
    browser = await at_the_code(world)
    await say(browser, app.code(world.now))
    assert trouble(browser) == "code_off"
    await say(browser, app.papers[0])
    assert browser.here == HOME


async def test_a_wrong_code_from_the_paper_is_told_so_whatever_was_said_of_the_app(
    world: World,
) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    await say(browser, app.wrong(world.now))
    world.sql.execute("UPDATE sign_in_failure SET failures = ?", (MOST,))
    await say(browser, app.code(world.now))
    assert trouble(browser) == "code_off"

    for _ in range(FREE + 1):
        await say(browser, "0" * 24)
        assert trouble(browser) == "wrong_code"
    await say(browser, app.papers[0])

    assert browser.here == HOME


async def test_a_wrong_password_looks_the_same_with_and_without_an_app(world: World) -> None:
    await give_app(world)
    pages = []
    for person in (ADA, BAO):
        browser = await at_the_door(world)
        wrong = person.model_copy(update={"password": "not the password at all"})
        await enter(browser, wrong)
        plain = re.sub(MADE, "", browser.page.text)
        pages.append((browser.page.status_code, plain.replace(person.identifier, "")))
    assert pages[0] == pages[1]


async def test_it_waits_for_ten_minutes(world: World) -> None:
    app = await give_app(world)
    begun, browsers = world.now, [await at_the_code(world) for _ in range(2)]
    world.now = begun + PATIENCE - 1
    await say(browsers[0], app.code(world.now))
    assert browsers[0].here == HOME
    world.now = begun + PATIENCE
    await say(browsers[1], app.code(world.now, steps=1))
    assert browsers[1].here.endswith("/sign-in")
    assert len(sessions(world)) == 1


async def test_it_is_completed_once(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    form, codes = browser.form(), [app.code(world.now), *app.papers]
    said = [
        {"code": code, "action": "code", "csrf": token_for(world, browser, CODE, FLOW)}
        for code in codes
    ]

    def post(code: str) -> Browser:
        twin = world.browser()
        twin.http.cookies.update(browser.http.cookies)
        twin.page = browser.page
        return twin

    twins = [post(code) for code in codes]
    await asyncio.gather(
        *(
            twin.send(form.action, [*values.items()])
            for twin, values in zip(twins, said, strict=True)
        )
    )
    assert len(sessions(world)) == 1
    assert world.rows("SELECT count(*) FROM recovery_code WHERE used_at IS NOT NULL")[0] <= 1


async def test_another_browser_cannot_complete_it(world: World) -> None:
    app = await give_app(world)
    browser, other = await at_the_code(world), world.browser()
    await other.open("/sign-in")
    await other.open(browser.here)
    assert other.here.endswith("/sign-in")

    form = browser.form()
    token = token_for(world, other, CODE, FLOW)
    values = [("csrf", token), ("code", app.code(world.now)), ("action", "code")]
    await other.send(form.action, values)

    assert other.here.endswith("/sign-in")
    assert sessions(world) == []


async def test_it_cannot_be_carried_to_another_errand(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world, address=address(state="first"))
    name = browser.here.partition("&t=")[2]
    await browser.open(address(state="second"))
    errand = browser.here.partition("?")[2]

    await browser.open(f"/sign-in/code?{errand}&t={name}")
    assert f"/sign-in?{errand}" in browser.here
    token = token_for(world, browser, CODE, FLOW)
    values = [("csrf", token), ("code", app.code(world.now))]
    await browser.send(f"/sign-in/code?{errand}&t={name}", [*values, ("action", "code")])

    assert f"/sign-in?{errand}" in browser.here
    assert sessions(world) == []


async def test_a_double_click_on_continue_is_one_sign_in_with_its_cookie(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    form, before = browser.form(button="action", value="code"), dict(browser.http.cookies)
    sent = {**form.values, "code": app.code(world.now), "action": "code"}

    first = await browser.http.post(form.action, data=sent)
    browser.http.cookies.clear()  # it hung up before it heard the answer
    browser.http.cookies.update(before)
    second = await browser.http.post(form.action, data=sent)

    cookies = [answer.headers.get_list("set-cookie") for answer in (first, second)]
    assert cookies[0] == cookies[1] != []
    assert (await browser.open("/account")).url.path == "/account"
    assert sessions(world) == ["urn:nid:acr:2 pwd otp mfa"]


@pytest.mark.parametrize("zero", ["\N{ARABIC-INDIC DIGIT ZERO}", "\u06f0"])
async def test_digits_are_taken_in_the_script_of_whoever_types_them(
    world: World, zero: str
) -> None:
    app, digits = await give_app(world), {ord("0") + it: ord(zero) + it for it in range(10)}
    browser = world.browser()
    await browser.open("/sign-in")
    number = ADA.identifier.translate(digits)
    await enter(browser, Person(identifier=number, password=ADA.password))
    await say(browser, app.code(world.now).translate(digits))

    assert browser.here == HOME


async def test_two_people_at_once_in_one_browser_are_not_mixed_up(world: World) -> None:
    ada, bao = await give_app(world), await give_app(world, BAO)
    browser = await at_the_code(world)
    adas = browser.page
    await browser.open("/sign-in")
    await enter(browser, BAO)
    await say(browser, ada.code(world.now))
    assert trouble(browser) == "wrong_code"
    await say(browser, bao.code(world.now))
    assert browser.here == HOME

    browser.page = adas
    await say(browser, ada.code(world.now))
    number_of = world.house.parts.accounts.number_of
    owners = world.rows("SELECT account_id FROM session ORDER BY auth_time, session_id")
    assert {await number_of(owner) for owner in owners} == {ADA.identifier, BAO.identifier}


async def test_a_step_that_was_skipped_leads_back(world: World) -> None:
    await give_app(world)
    browser = world.browser()
    await browser.open("/sign-in/code")
    assert browser.here.endswith("/sign-in")
    await browser.open("/sign-in/code?t=nothing")
    assert browser.here.endswith("/sign-in")


async def test_a_password_that_was_changed_meanwhile_proves_nothing(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    world.sql.execute("UPDATE password SET set_at = set_at + 1")
    await say(browser, app.code(world.now))
    assert sessions(world) == []
    assert browser.here.endswith("/sign-in")


async def test_an_app_that_was_removed_meanwhile_is_not_waited_for(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world, address=address())
    world.sql.execute("DELETE FROM totp")

    await say(browser, app.code(world.now))
    assert browser.here.startswith("https://id.example/sign-in?i=")
    assert sessions(world) == []
    await enter(browser)

    assert browser.here.startswith("https://id.example/decide?i=")


async def test_an_account_that_was_closed_meanwhile_is_not_entered(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    world.sql.execute("UPDATE account SET status = 'closed'")
    await say(browser, app.code(world.now))
    assert sessions(world) == []


async def test_who_cancels_goes_back_and_what_was_proven_is_forgotten(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world, address=address())
    page = browser.page
    await browser.press("action", "cancel")
    assert told(browser)["error"] == "access_denied"

    browser.page = page
    await say(browser, app.code(world.now))
    assert sessions(world) == []

    browser = await at_the_code(world)
    await browser.press("action", "cancel")
    assert browser.here.endswith("/sign-in")


async def test_reload_and_back_are_harmless(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    there = browser.here
    await browser.open(there)
    assert browser.here == there
    await say(browser, app.code(world.now))
    await browser.open(there)
    assert browser.here == HOME


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "9" * 9999])
async def test_what_is_no_code_is_wrong_and_not_said_again(world: World, code: str) -> None:
    await give_app(world)
    browser = await at_the_code(world)
    await say(browser, code)
    assert browser.page.status_code == 400
    assert trouble(browser) == ("wrong_code" if code else "incomplete")
    assert not code.strip() or code not in browser.page.text


async def test_an_unknown_action_is_refused(world: World) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    await browser.press("action", "password", code=app.code(world.now))
    assert trouble(browser) == "invalid_request"
    assert sessions(world) == []


@pytest.mark.parametrize("token", ["", "x" * 43])
async def test_a_forged_form_changes_nothing(world: World, token: str) -> None:
    app = await give_app(world)
    browser = await at_the_code(world)
    await browser.press("action", "code", code=app.code(world.now), csrf=token)
    assert browser.page.status_code == 403
    assert sessions(world) == []
    assert world.rows("SELECT count(*) FROM sign_in_failure") == [0]
