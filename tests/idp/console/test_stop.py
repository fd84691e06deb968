"""One officer stops the key that signs: asked first, with a reason, and proven just now."""

import re

import pytest

from idp.officers.sessions import IDLE
from idp.pages.console.cookie import COOKIE
from idp.pages.console.paths import KEYS, PROVE, SIGN_IN, STOP
from idp.pages.console.stop import LONGEST_REASON
from keys.lives.by import By
from keys.lives.lifecycle import Life, Step
from keys.signing_key import State
from store.micros import MINUTE
from tests.browser import Browser
from tests.idp.console.desk import WHY, active, an_officer, before_the_stop, sign_in, use
from tests.idp.pages.front import token_for
from tests.soft_passkey import Authenticator
from tests.world import World

pytestmark = pytest.mark.anyio
HERE = "https://id.example"


async def key(world: World, kid: str) -> Life:
    return next(it for it in await world.house.parts.custody.lives() if it.kid == kid)


async def stop(browser: Browser, why: str = WHY) -> None:
    await browser.press("stop", "yes", reason=why)


async def turns(world: World) -> list[dict[str, str]]:
    return [it for it in world.events() if it["type"] == "KeyTurned"]


async def test_an_officer_chooses_a_key_says_why_and_it_signs_no_more(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await active(world)
    await browser.open(STOP)
    assert f'href="{STOP}?key={kid}"' in browser.page.text
    await browser.open(f"{STOP}?key={kid}")

    await stop(browser)

    assert browser.here.startswith(f"{HERE}{KEYS}?said=")
    assert f"{kid[:8]}</code> is stopped" in browser.page.text
    assert (await key(world, kid)).state is State.SUSPENDED
    heir = await active(world)
    assert f"{heir[:8]}</code> signs now" in browser.page.text
    [officer] = await world.house.site.console.officers.everybody()
    told = await turns(world)
    assert [(it["kid"], it["step"]) for it in told] == [(kid, "suspend"), (heir, "activate")]
    assert {(it["actor"], it["reason"]) for it in told} == {(f"officer {officer.officer_id}", WHY)}


async def test_what_was_done_is_told_once(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    await before_the_stop(world, browser)
    await stop(browser)

    await browser.open(browser.here)

    assert "is stopped" not in browser.page.text


async def test_without_a_successor_a_key_is_made(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    first = await before_the_stop(world, browser)
    await stop(browser)
    second = await before_the_stop(world, browser)
    assert "A new key is made and signs at once" in browser.page.text
    await stop(browser)

    assert "A new key signs now" in browser.page.text
    assert await active(world) not in {first, second}


@pytest.mark.parametrize("why", ["", " \t\r\n "])
async def test_who_does_not_say_why_stops_nothing(world: World, why: str) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await before_the_stop(world, browser)

    await stop(browser, why)

    assert browser.page.status_code == 400
    assert '<body data-error="incomplete">' in browser.page.text
    assert await active(world) == kid
    await stop(browser)
    assert (await key(world, kid)).state is State.SUSPENDED


async def test_a_reason_is_one_line_and_has_an_end(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    await before_the_stop(world, browser)

    await stop(browser, "first\r\nsecond " + "x" * 300)

    [told, _] = await turns(world)
    assert told["reason"].startswith("first second x")
    assert len(told["reason"]) == LONGEST_REASON


async def test_who_has_not_just_proven_it_stops_nothing(world: World) -> None:
    browser = await an_officer(world, device := Authenticator())
    kid = await before_the_stop(world, browser)
    world.now += 5 * MINUTE + 1

    await stop(browser)

    assert browser.here.startswith(f"{HERE}{PROVE}?")
    assert await active(world) == kid
    await use(browser, device)
    assert browser.here == f"{HERE}{STOP}?key={kid}"
    await stop(browser)
    assert (await key(world, kid)).state is State.SUSPENDED


async def test_who_has_been_out_stops_nothing(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await before_the_stop(world, browser)
    world.now += IDLE

    await stop(browser)

    assert browser.here == f"{HERE}{SIGN_IN}"
    assert await active(world) == kid


async def test_who_calls_it_off_changes_nothing(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await before_the_stop(world, browser)
    before, asked = await world.house.parts.custody.lives(), browser.page
    assert browser.form(button="stop").buttons == [("stop", "yes")]
    [way_out] = re.findall(r'<a class="button" href="([^"]*)">Cancel: change nothing', asked.text)

    await browser.open(way_out)

    assert browser.here == f"{HERE}{KEYS}"
    assert "is stopped" not in browser.page.text
    assert await world.house.parts.custody.lives() == before
    assert await turns(world) == []
    browser.page = asked
    await stop(browser)
    assert (await key(world, kid)).state is State.SUSPENDED, "the question could still be answered"


async def test_the_form_sent_again_stops_no_second_key(world: World) -> None:
    """Back, and once more: by then the successor signs."""
    browser = await an_officer(world, Authenticator())
    await before_the_stop(world, browser)
    form = browser.form(button="stop")
    said = [*{**form.values, "reason": WHY}.items(), ("stop", "yes")]
    await browser.send(STOP, said)
    heir = await active(world)

    await browser.send(STOP, said)
    world.now += MINUTE
    await browser.send(STOP, [(name, "again" if name == "reason" else it) for name, it in said])

    assert browser.page.status_code == 403
    assert "This was sent before" in browser.page.text
    assert await active(world) == heir


async def test_a_key_that_signs_no_more_is_not_asked_about(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    for kid in ("nobody", (await stopped_elsewhere(world, browser))):
        await browser.open(f"{STOP}?key={kid}")
        assert browser.here == f"{HERE}{KEYS}"


async def stopped_elsewhere(world: World, browser: Browser) -> str:
    """By somebody else, while the officer looks at the question."""
    kid = await before_the_stop(world, browser)
    by = By("terminal: somebody", "faster")
    await world.house.parts.custody.take(kid, Step.SUSPEND, by, world.now)
    return kid


async def test_somebody_else_may_be_faster(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    await stopped_elsewhere(world, browser)
    heir = await active(world)

    await stop(browser)

    assert "Nothing was stopped" in browser.page.text
    assert await active(world) == heir
    assert {it["actor"] for it in await turns(world)} == {"terminal: somebody"}


async def test_a_session_that_was_ended_elsewhere_stops_nothing(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await before_the_stop(world, browser)
    console = world.house.site.console
    session = await console.sessions.current(browser.http.cookies.get(COOKIE), world.now)
    assert session is not None
    await console.sessions.end(session, world.now)

    await stop(browser)

    assert browser.here == f"{HERE}{SIGN_IN}"
    assert await active(world) == kid


@pytest.mark.parametrize("token", ["missing", "made up", "of another path", "of another officer"])
async def test_a_form_that_is_not_ours_stops_nothing(world: World, token: str) -> None:
    browser = await an_officer(world, device := Authenticator())
    kid = await before_the_stop(world, browser)
    other = await sign_in(world, device)
    tokens = {
        "made up": "made up",
        "of another path": token_for(world, browser, KEYS, COOKIE),
        "of another officer": token_for(world, other, STOP, COOKIE),
    }
    sent = {"key": kid, "reason": WHY, "stop": "yes"}
    if token in tokens:
        sent["csrf"] = tokens[token]

    answer = await browser.http.post(STOP, data=sent)

    assert answer.status_code == 403
    assert await active(world) == kid
    assert await turns(world) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_of_another_site_stops_nothing(world: World, site: str) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await before_the_stop(world, browser)
    form = browser.form(button="stop")

    answer = await browser.http.post(
        STOP, data={**form.values, "reason": WHY}, headers={"sec-fetch-site": site}
    )

    assert answer.status_code == 403
    assert await active(world) == kid


async def test_only_what_signs_can_be_stopped(world: World) -> None:
    """The successor that waits, by a form that somebody has changed."""
    browser = await an_officer(world, Authenticator())
    kid = await before_the_stop(world, browser)
    lives = await world.house.parts.custody.lives()
    waits = next(it.kid for it in lives if it.alg == "ES256" and it.state is State.PUBLISHED)

    await browser.press("stop", "yes", reason=WHY, key=waits)

    assert "Nothing was stopped" in browser.page.text
    assert (await key(world, waits)).state is State.PUBLISHED
    assert await active(world) == kid
