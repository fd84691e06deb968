"""Signing out, through the front door. OpenID Connect RP-Initiated Logout 1.0 sections 2 and 6."""

from urllib.parse import quote

import pytest

from tests.idp.pages.front import ENGLISH, at_home, before_the_decision, enter, told
from tests.oidc.front import exchange
from tests.sample import ADA, BAO, SIGNED_OUT
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_it_is_asked_first_and_then_said(world: World) -> None:
    browser = await at_home(world)

    page = await browser.open("/sign-out")
    assert "Do you want to sign out?" in page.text
    page = await browser.press("logout", "yes")

    assert browser.here.startswith("https://id.example/signed-out?i=")
    assert "You are signed out" in page.text
    assert "__Host-motcua" not in browser.http.cookies
    assert (await browser.open("/account")).url.path == "/sign-in"


async def test_who_stays_stays(world: World) -> None:
    browser = await at_home(world)
    await browser.open("/sign-out")

    await browser.press("logout", "no")

    assert browser.here == "https://id.example/account"


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_an_agencys_request_is_answered_once(world: World, answer: str) -> None:
    browser = await at_home(world)
    await browser.open("/end-session")
    asked = browser.here

    await browser.press("logout", answer)

    assert (await browser.open(asked)).status_code == 400


async def test_an_agency_that_does_not_say_whose_session_must_wait_for_the_answer(
    world: World,
) -> None:
    browser = await at_home(world)

    page = await browser.open("/end-session")
    assert browser.here.startswith("https://id.example/sign-out?i=")
    assert "Do you want to sign out?" in page.text
    await browser.press("logout", "yes")

    assert browser.here.startswith("https://id.example/signed-out?i=")


async def test_after_the_answer_the_person_is_back_at_the_agency(world: World) -> None:
    browser = await before_the_decision(world)
    await browser.press("decision", "share")
    hint = (await exchange(world, told(browser)["code"])).json()["id_token"]
    other = await at_home(world)  # a session that this hint is not about

    page = await other.open(
        f"/end-session?id_token_hint={hint}&post_logout_redirect_uri={SIGNED_OUT}&state=s"
    )
    assert "<strong>Shop</strong> asks to sign you out" in page.text
    assert "form-action 'self' https://shop.example" in page.headers["content-security-policy"]
    await other.press("logout", "yes")

    assert other.left_for == f"{SIGNED_OUT}?state=s"
    assert (await other.open("/account")).url.path == "/sign-in"


async def test_who_is_not_signed_in_is_told_so_at_once(world: World) -> None:
    page = await world.browser().open("/sign-out", ENGLISH)

    assert page.url.path == "/signed-out"


async def test_a_sign_out_of_another_browser_is_over(world: World) -> None:
    browser, other = await at_home(world), await at_home(world)
    await browser.open("/end-session")

    page = await other.open(browser.here)

    assert page.status_code == 400
    assert 'data-error="interaction_expired"' in page.text


STRANGER = "The service means somebody who is not signed in in this browser"


@pytest.mark.protocol(91)
@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (ADA.identifier, False),
        (f"{ADA.identifier[:4]} {ADA.identifier[4:]}", False),
        (BAO.identifier, True),
        ("099999999999", True),
        ("ada@example.org", False),
        ("", False),
    ],
    ids=["her own", "in groups", "another person's", "nobody's", "no number", "none"],
)
async def test_who_is_asked_to_leave_is_told_if_somebody_else_is_meant(
    world: World, hint: str, told: bool
) -> None:
    browser = await at_home(world)

    page = await browser.open(f"/end-session?logout_hint={quote(hint)}")

    assert browser.here.startswith("https://id.example/sign-out?i=")
    assert (STRANGER in page.text) == told
    assert "You will be signed out" in page.text
    assert hint not in page.text or not hint
    await browser.press("logout", "yes")
    assert browser.here.startswith("https://id.example/signed-out")


@pytest.mark.parametrize("answer", ["", "maybe", "yes\0"])
async def test_only_an_answer_is_an_answer(world: World, answer: str) -> None:
    browser = await at_home(world)
    await browser.open("/sign-out")

    page = await browser.press("logout", answer)

    assert page.status_code == 400
    assert (await browser.open("/account")).url.path == "/account"


OTHERS = "Everybody else who is signed in in this browser"


@pytest.mark.protocol(94)
@pytest.mark.parametrize(("answer", "left"), [("yes", 0), ("no", 2)])
async def test_where_several_are_signed_in_it_is_asked_even_with_a_hint_and_all_are_meant(
    world: World, answer: str, left: int
) -> None:
    browser = await before_the_decision(world)
    await browser.press("decision", "share")
    hint = (await exchange(world, told(browser)["code"])).json()["id_token"]
    await browser.open("/sign-out", ENGLISH)
    assert OTHERS not in browser.page.text
    world.now += 1
    await browser.open("/sign-in")
    await enter(browser, BAO)

    page = await browser.open(f"/end-session?id_token_hint={hint}")
    assert browser.here.startswith("https://id.example/sign-out?i=")
    assert OTHERS in page.text
    await browser.press("logout", answer)

    assert world.rows("SELECT count(*) FROM session WHERE ended_at IS NULL") == [left]
