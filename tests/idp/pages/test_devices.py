"""Devices, through the front door: where a person is signed in, and ending it there."""

import re

import pytest

from store.micros import MINUTE, SECOND
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, at_home, enter
from tests.sample import BAO
from tests.world import World

pytestmark = pytest.mark.anyio


FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
IPHONE = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"}
ROOM = "/account/devices"


async def with_device(world: World, headers: dict[str, str]) -> Browser:
    browser = world.browser()
    browser.http.headers.update({**ENGLISH, **headers})
    await browser.open("/account")
    await enter(browser)
    return browser


def read(browser: Browser) -> str:
    """The words of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", browser.page.text).split())


def ids(browser: Browser) -> list[str]:
    buttons = browser.form(button="session").buttons
    return [value for _, value in buttons if value not in {"all", "others"}]


async def test_each_device_is_told_in_plain_words(world: World) -> None:
    await with_device(world, IPHONE)
    world.now += 3 * MINUTE
    mine = await with_device(world, FIREFOX)
    await mine.open(ROOM)

    said = read(mine)
    how = "Signed in with a password, 1 Jan 2030,"
    assert f"Firefox on Linux this device {how} 19:03 In use now" in said
    assert f"Safari on iPhone {how} 19:00 Last used 1 Jan 2030, 19:00" in said
    assert said.count("this device") == 1


async def test_of_a_device_that_nothing_is_known_of_nothing_is_guessed(world: World) -> None:
    await (mine := await at_home(world)).open(ROOM)
    assert "A browser this device" in read(mine)


@pytest.mark.parametrize(
    ("amr", "words"),
    [
        ("pop user mfa", "Signed in with a passkey,"),
        ("pwd otp mfa", "Signed in with password and code,"),
        ("pwd", "Signed in with a password,"),
        ("", "Signed in with a password,"),
    ],
)
async def test_it_says_what_was_used_to_sign_in(world: World, amr: str, words: str) -> None:
    mine = await at_home(world)
    world.sql.execute("UPDATE session SET amr = ?", (amr,))
    await mine.open(ROOM)
    assert words in read(mine)


async def test_one_other_device_is_ended_and_the_page_says_when(world: World) -> None:
    mine, other = await with_device(world, FIREFOX), await with_device(world, IPHONE)
    await mine.open(ROOM)
    [here] = re.findall(r'this device.*?value="([^"]+)"', mine.page.text, re.DOTALL)
    [ended] = set(ids(mine)) - {here}
    world.now += 11 * SECOND

    await mine.press("session", ended)

    assert mine.here.startswith(f"https://id.example{ROOM}?said=")
    assert "Signed out 19:00:11 One device can no longer use your account." in read(mine)
    assert ids(mine) == [here]
    assert "Sign out on all other devices" not in mine.page.text
    assert (await other.open("/account")).url.path == "/sign-in"
    again = await mine.open(mine.here)
    assert "Signed out" not in again.text


async def test_all_other_devices_are_ended_and_this_one_goes_on(world: World) -> None:
    mine, *others = [await at_home(world) for _ in range(3)]
    await mine.open(ROOM)

    page = await mine.press("session", "others")

    assert "2 devices can no longer use your account." in page.text
    assert len(ids(mine)) == 1
    for other in others:
        assert (await other.open("/account")).url.path == "/sign-in"
    ended = [it for it in world.events() if it["type"] == "SignedOut"]
    assert {it["reason"] for it in ended} == {"all others ended by the person"}


async def test_ending_this_device_leads_out(world: World) -> None:
    mine = await at_home(world)
    await mine.open(ROOM)
    await mine.press("session", ids(mine)[0])
    assert mine.page.url.path == "/sign-in"


async def test_what_one_page_has_to_tell_another_does_not(world: World) -> None:
    mine, _ = await at_home(world), await at_home(world)
    await mine.open(ROOM)
    await mine.press("session", "others")
    said = mine.here.partition("?")[2]
    await mine.open(ROOM)
    await mine.press("session", "others")  # there are none left: nothing to tell
    assert mine.here == f"https://id.example{ROOM}"

    for room in ("services", "security", "passkeys"):
        page = await mine.open(f"/account/{room}?{said}")
        assert page.status_code == 200


async def test_signing_out_everywhere_leaves_nobody_in(world: World) -> None:
    mine, other = await at_home(world), await at_home(world)

    await mine.open("/account/devices")
    await mine.press("session", "all")

    assert mine.page.url.path == "/sign-in"
    assert (await other.open("/account")).url.path == "/sign-in"


async def test_nobody_ends_the_session_of_another(world: World) -> None:
    mine, other = await at_home(world, BAO), await at_home(world)
    session = world.rows("SELECT session_id FROM session ORDER BY auth_time, session_id")[1]

    await mine.open("/account/devices")
    await mine.press("session", session)

    assert (await other.open("/account")).url.path == "/account"
