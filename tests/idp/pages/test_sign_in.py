"""The sign-in page, through the front door."""

import re
from contextlib import AsyncExitStack

import pytest

from tests.idp.pages.front import ENGLISH, QUERY, address, at_home, at_the_door, enter, told
from tests.sample import ADA, STRANGER
from tests.world import World

pytestmark = pytest.mark.anyio

WRONG = "nothing like a password"


async def test_who_has_no_wish_reads_vietnamese(world: World) -> None:
    browser = world.browser()

    page = await browser.open(address())

    assert '<html lang="vi" dir="ltr">' in page.text
    assert page.headers["content-language"] == "vi"
    assert "Đăng nhập" in page.text


async def test_the_agencys_wish_counts_more_than_the_browsers(world: World) -> None:
    browser = world.browser()

    page = await browser.open(address(ui_locales="fr en"), {"accept-language": "vi"})

    assert '<html lang="en"' in page.text


async def test_a_language_link_keeps_the_errand_and_is_remembered(world: World) -> None:
    browser = await at_the_door(world, ui_locales="en")
    link = re.search(r'<a href="([^"]+)" lang="vi"', browser.page.text)
    assert link is not None

    page = await browser.open(link[1].replace("&amp;", "&"))
    assert '<html lang="vi"' in page.text
    await enter(browser)

    assert browser.here.startswith("https://id.example/decide?i=")
    assert '<html lang="vi"' in browser.page.text


@pytest.mark.protocol(46)
async def test_it_says_where_it_leads_and_takes_the_hint(world: World) -> None:
    browser = await at_the_door(world, login_hint=ADA.identifier)

    assert "<strong>Shop</strong>" in browser.page.text
    assert "shop.example" in browser.page.text
    assert f'value="{ADA.identifier}"' in browser.page.text


@pytest.mark.parametrize("number", ["<script>", '0"><b>', ADA.identifier * 2, "ada@example.org"])
async def test_what_is_no_personal_number_is_not_said_again(world: World, number: str) -> None:
    browser = await at_the_door(world, login_hint=number)
    assert re.search(r'id="identifier"[^>]* value=""', browser.page.text)

    page = await browser.press("action", "password", identifier=number, password=WRONG)

    assert page.status_code == 400
    assert re.search(r'id="identifier"[^>]* value=""', page.text)
    assert number not in page.text


async def test_a_number_of_any_length_is_refused_and_not_said_again(world: World) -> None:
    for length, status in ((60_000, 400), (100_000, 413)):
        browser = await at_the_door(world)
        page = await browser.press("action", "password", identifier="7" * length, password=WRONG)
        assert page.status_code == status
        assert "7777" not in page.text


async def test_a_number_that_was_typed_in_groups_is_said_again(world: World) -> None:
    browser = await at_the_door(world)
    number = " ".join((ADA.identifier[:6], ADA.identifier[6:]))

    page = await browser.press("action", "password", identifier=number, password=WRONG)

    assert f'value="{ADA.identifier}"' in page.text


async def test_the_right_password_leads_on_with_a_new_secret(world: World) -> None:
    browser = await at_the_door(world)

    form = browser.form(button="action")
    answer = await browser.http.post(
        form.action,
        data={
            **form.values,
            "identifier": ADA.identifier,
            "password": ADA.password,
            "action": "password",
        },
    )

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/authorize/resume?i=")
    cookie, kept = answer.headers.get_list("set-cookie")
    assert kept.startswith("__Host-motcua-device=")
    assert kept.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000")
    assert cookie.startswith("__Host-motcua=")
    assert cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax")


@pytest.mark.parametrize("kept", ["\u00e9".encode("latin-1"), b"x", b"y" * 2000])
async def test_what_the_browser_keeps_for_us_is_ours_or_nothing(world: World, kept: bytes) -> None:
    browser = await at_the_door(world)
    form = browser.form(button="action", value="password")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())

    answer = await world.rp.post(
        form.action,
        data={**form.values, "identifier": ADA.identifier, "password": ADA.password}
        | {"action": "password"},
        headers=[(b"cookie", cookies.encode() + b"; __Host-motcua-device=" + kept)],
    )

    assert answer.status_code == 303
    device = answer.headers.get_list("set-cookie")[1]
    assert re.match("__Host-motcua-device=[A-Za-z0-9_-]{43};", device)


async def test_a_stranger_and_a_wrong_password_are_told_the_same(world: World) -> None:
    pages = []
    for number in (ADA.identifier, STRANGER):
        browser = await at_the_door(world)
        page = await browser.press("action", "password", identifier=number, password=WRONG)
        assert page.status_code == 400
        assert '<body data-error="wrong_credentials">' in page.text
        made = r'name="csrf" value="[^"]+"|i=[\w.-]+|data-options="[^"]+"'
        plain = re.sub(made, "", page.text)
        pages.append(plain.replace(number, ""))

    assert pages[0] == pages[1]


@pytest.mark.parametrize("number", [ADA.identifier, STRANGER])
async def test_too_many_tries_must_wait_whoever_it_is(world: World, number: str) -> None:
    browser = await at_the_door(world)
    for _ in range(5):
        page = await browser.press("action", "password", identifier=number, password=WRONG)

    assert page.status_code == 429
    assert page.headers["retry-after"] == "1"
    assert 'data-error="too_many_attempts"' in page.text
    assert "in 1 second." in page.text


async def test_nothing_entered_is_no_try(world: World) -> None:
    browser = await at_the_door(world)

    for _ in range(6):
        page = await browser.press("action", "password", identifier=ADA.identifier)
        assert page.status_code == 400
        assert 'data-error="incomplete"' in page.text
        assert f'value="{ADA.identifier}"' in page.text

    await enter(browser)
    assert "/decide?i=" in browser.here


async def test_when_too_many_sign_in_at_once_it_says_so(world: World) -> None:
    browser, pool = await at_the_door(world), world.house.site.sign_in.pool
    async with AsyncExitStack() as stack:
        for _ in range(pool._most):  # noqa: SLF001  every place is taken
            await stack.enter_async_context(pool.place())
        await enter(browser)

    assert browser.page.status_code == 503
    assert browser.page.headers["retry-after"] == "5"
    assert 'data-error="temporarily_unavailable"' in browser.page.text
    await enter(browser)
    assert "/decide?i=" in browser.here


async def test_who_cancels_goes_back_and_nothing_is_shared(world: World) -> None:
    browser = await at_the_door(world)

    await browser.press("action", "cancel")

    assert told(browser)["error"] == "access_denied"


async def test_for_the_account_itself_it_needs_no_agency(world: World) -> None:
    browser = await at_home(world)

    assert "Hello, Ada Lovelace" in browser.page.text


async def test_two_errands_in_one_browser_do_not_disturb_each_other(world: World) -> None:
    browser = await at_the_door(world, state="first")
    first, form = browser.here, browser.form(button="action")
    await browser.open(address(state="second"))
    assert browser.here != first

    entered = {"identifier": ADA.identifier, "password": ADA.password, "action": "password"}
    await browser.send(form.action, [*{**form.values, **entered}.items()])
    await browser.press("decision", "refuse")

    assert told(browser)["state"] == "first"


async def test_an_errand_of_another_browser_is_over(world: World) -> None:
    browser, other = await at_the_door(world), world.browser()

    page = await other.open(browser.here, ENGLISH)

    assert page.status_code == 400
    assert '<body data-error="interaction_expired">' in page.text
    assert "This took too long" in page.text


async def test_a_posted_errand_has_a_page_only_once_it_is_a_browsers(world: World) -> None:
    answer = await world.rp.post("/authorize", data=QUERY)
    errand = answer.headers["location"].partition("?")[2]

    page = await world.browser().open(f"/sign-in?{errand}", ENGLISH)

    assert errand.startswith("i=")
    assert page.status_code == 400
    assert '<body data-error="interaction_expired">' in page.text


@pytest.mark.parametrize("action", ["magic", "", "password\0"])
async def test_an_unknown_action_is_refused(world: World, action: str) -> None:
    browser = await at_the_door(world)

    page = await browser.press("action", action, identifier=ADA.identifier, password=WRONG)

    assert page.status_code == 400
    assert 'data-error="invalid_request"' in page.text
