"""Sessions, several people in one browser among them. NIST SP 800-63B-4 sections 2.1.3 and 5.1."""

import asyncio

import pytest

from idp.sessions.label import label
from idp.sessions.lives import LIFE, SEEN_EVERY
from keys.secrets import digest
from oidc.endpoints.cookies import BROWSER
from store.micros import MINUTE, SECOND
from tests.browser import Browser
from tests.idp.pages.front import address, at_home, enter
from tests.oidc.front import Browser as Shop
from tests.oidc.front import userinfo
from tests.sample import ADA, BAO
from tests.world import World

pytestmark = pytest.mark.anyio


def secret(browser: Browser) -> str:
    return str(browser.http.cookies[BROWSER])


async def names(world: World, browser: Browser) -> list[str]:
    """Who is signed in there, the newest first."""
    sessions = await world.house.parts.sessions.of_browser(secret(browser), world.now)
    number_of = world.house.parts.accounts.number_of
    return [await number_of(session.account_id) for session in sessions]


async def test_the_database_holds_a_digest_of_the_browsers_secret(world: World) -> None:
    browser = await at_home(world)
    assert world.rows("SELECT browser_digest FROM session") == [digest(secret(browser))]


async def test_each_authentication_makes_a_new_secret_and_the_old_one_is_worth_nothing(
    world: World,
) -> None:
    browser = await at_home(world)
    first = secret(browser)
    world.now += 1
    await browser.open(address(prompt="login"))
    await enter(browser)

    assert secret(browser) != first
    assert await world.house.parts.sessions.current(first, world.now) is None
    assert await names(world, browser) == [ADA.identifier]
    assert world.rows("SELECT count(*) FROM session") == [1], "her session goes on"


async def test_several_people_may_be_signed_in_in_one_browser(world: World) -> None:
    browser = await at_home(world)
    world.now += 1
    await browser.open(address(prompt="login"))
    await enter(browser, BAO)

    assert await names(world, browser) == [BAO.identifier, ADA.identifier]
    assert set(world.rows("SELECT browser_digest FROM session")) == {digest(secret(browser))}


async def test_two_sign_ins_that_race_in_one_browser_leave_no_secret_twice(world: World) -> None:
    browser = await at_home(world)
    again = [world.browser() for _ in range(2)]
    world.now += 1
    for other in again:
        other.http.cookies.update(browser.http.cookies)
        await other.open(address(prompt="login"))
    await asyncio.gather(*(enter(other, BAO) for other in again))

    found = [await names(world, other) for other in again]
    assert sorted(found) == [[BAO.identifier], [BAO.identifier, ADA.identifier]]


async def test_a_session_lasts_thirty_days(world: World) -> None:
    browser = await at_home(world)
    world.now += LIFE - 1
    assert await names(world, browser) == [ADA.identifier]
    world.now += 1
    assert await names(world, browser) == []
    await browser.open("/account")
    assert "/sign-in" in browser.here


async def test_its_level_is_that_of_its_authentication(world: World) -> None:
    await at_home(world)
    assert world.rows("SELECT acr || ' ' || amr FROM session") == ["urn:nid:acr:1 pwd"]
    world.sql.execute("UPDATE account SET level = 2")
    await at_home(world)
    assert set(world.rows("SELECT acr FROM session")) == {"urn:nid:acr:1"}, "a password is level 1"


async def test_when_it_was_seen_is_written_at_most_every_five_minutes(world: World) -> None:
    browser = await at_home(world)
    shop = Shop(world, browser)
    begun = world.now
    for passed, seen in ((SEEN_EVERY - 1, 0), (SEEN_EVERY, SEEN_EVERY), (MINUTE * 6, SEEN_EVERY)):
        world.now = begun + passed
        await shop.authorize(scope="openid")
        assert world.rows("SELECT seen_at FROM session") == [begun + seen]


async def test_ending_a_session_ends_what_rests_on_it_in_the_same_commit(world: World) -> None:
    browser = await at_home(world)
    tokens = await Shop(world, browser).tokens()
    world.now += SECOND
    assert (await userinfo(world, tokens["access_token"])).status_code == 200

    await world.house.parts.sessions.end(secret(browser), world.now)

    assert (await userinfo(world, tokens["access_token"])).status_code == 401
    assert world.rows("SELECT ended_at FROM session") == [world.now]
    assert world.rows('SELECT ended_at FROM "grant"') == [world.now]
    assert world.events()[-1]["type"] == "SignedOut"


async def test_one_session_is_ended_by_its_person_only(world: World) -> None:
    here, there, baos = await at_home(world), await at_home(world), await at_home(world, BAO)
    sessions = world.house.parts.sessions
    [ada, bao] = [await sessions.current(secret(it), world.now) for it in (there, baos)]
    assert ada is not None
    assert bao is not None

    assert not await sessions.end_one(bao.session_id, ada.account_id, world.now)
    assert await sessions.end_one(ada.session_id, ada.account_id, world.now)
    assert not await sessions.end_one(ada.session_id, ada.account_id, world.now)

    assert (await names(world, here), await names(world, there)) == ([ADA.identifier], [])
    assert await names(world, baos) == [BAO.identifier]


async def test_all_sessions_of_a_person_end_together(world: World) -> None:
    here, there, baos = await at_home(world), await at_home(world), await at_home(world, BAO)
    session = await world.house.parts.sessions.current(secret(here), world.now)
    assert session is not None

    assert await world.house.parts.sessions.end_all(session.account_id, world.now) == 2

    assert [await names(world, it) for it in (here, there)] == [[], []]
    assert await names(world, baos) == [BAO.identifier]


async def test_of_ten_who_end_the_same_session_one_did(world: World) -> None:
    browser = await at_home(world)
    sessions = world.house.parts.sessions
    await asyncio.gather(*(sessions.end(secret(browser), world.now) for _ in range(10)))
    assert [event["type"] for event in world.events()].count("SignedOut") == 1


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/138.0 Mobile Safari",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/138.0 Safari Edg/138.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8.0 <script>", ""),
    ],
)
def test_a_browser_is_named_by_its_kind(agent: str, said: str) -> None:
    assert label(agent) == said
