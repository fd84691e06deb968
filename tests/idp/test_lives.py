"""How long an authentication counts, by its level. NIST SP 800-63B-4 sections 2.1.3 and 2.2.3."""

import pytest

from idp.sessions.fresh import FRESH, is_fresh
from idp.sessions.lives import IDLE_OF_2, LIFE, LIFE_OF_2, SEEN_EVERY
from idp.sessions.sql import LiveSession
from idp.sessions.start import Authenticated
from oidc.endpoints.cookies import BROWSER
from oidc.standing import ANYBODY
from store.micros import MINUTE
from tests.oidc.front import Browser, browser
from tests.world import NOON, World

pytestmark = pytest.mark.anyio

LEVEL_1, LEVEL_2 = "urn:nid:acr:1", "urn:nid:acr:2"
PASSWORD, TWO_FACTORS = ("pwd",), ("pwd", "otp", "mfa")


async def at_level_2(world: World) -> Browser:
    """Ada's browser, signed in with two factors."""
    ada = browser(world)
    [account, *_] = world.rows("SELECT account_id FROM account ORDER BY rowid")
    proof = Authenticated(account_id=account, acr=LEVEL_2, amr=TWO_FACTORS, label="A browser")
    started = await world.house.parts.start(proof, None, world.now)
    ada.remember(BROWSER, started.browser_secret)
    return ada


async def level(world: World, ada: Browser) -> str:
    """As both see it who ask: the engine and the account's pages."""
    secret = ada.http.cookies.get(BROWSER)
    client = await world.ports.clients.find("shop", world.now)
    assert client is not None
    session = await world.house.parts.sessions.current(secret, world.now)
    standing = await world.ports.people.standing(secret, client, ANYBODY, world.now)
    assert session is not None
    assert standing.session is not None
    assert session.acr == standing.session.acr
    return session.acr


async def test_level_2_is_over_after_a_day_however_busy_and_the_session_goes_on(
    world: World,
) -> None:
    ada, begun = await at_level_2(world), world.now
    while world.now < begun + LIFE_OF_2:
        assert await level(world, ada) == LEVEL_2
        world.now += IDLE_OF_2 - MINUTE
    world.now = begun + LIFE_OF_2 - 1
    assert await level(world, ada) == LEVEL_2

    world.now += 1
    assert await level(world, ada) == LEVEL_1
    world.now = begun + LIFE - 1
    assert await level(world, ada) == LEVEL_1


async def test_level_2_is_over_after_an_hour_of_nothing_and_does_not_come_back(
    world: World,
) -> None:
    ada = await at_level_2(world)
    world.now += IDLE_OF_2 - 1
    assert await level(world, ada) == LEVEL_2
    world.now += IDLE_OF_2
    assert await level(world, ada) == LEVEL_1
    assert world.rows("SELECT seen_at FROM session") == [world.now]
    world.now += 1
    assert await level(world, ada) == LEVEL_1


async def test_an_agency_is_told_what_is_left(world: World) -> None:
    ada = await at_level_2(world)
    world.now += IDLE_OF_2
    await ada.code()
    assert world.rows("SELECT acr FROM session") == [LEVEL_1]


@pytest.mark.parametrize("page", ["/account", "/authorize"])
async def test_whoever_does_anything_is_not_idle(world: World, page: str) -> None:
    ada = await at_level_2(world)
    for _ in range(3):
        world.now += IDLE_OF_2 - SEEN_EVERY
        await (ada.get(page) if page == "/account" else ada.authorize())
        assert await level(world, ada) == LEVEL_2


def signed_in(amr: tuple[str, ...]) -> LiveSession:
    return LiveSession(
        session_id="s",
        account_id="a",
        auth_time=NOON,
        acr=LEVEL_1,
        amr=amr,
        label="",
        seen_at=NOON,
        ends_at=NOON + LIFE,
    )


@pytest.mark.parametrize(
    ("amr", "best", "passed", "fresh"),
    [
        (PASSWORD, 1, FRESH, True),
        (PASSWORD, 1, FRESH + 1, False),
        (PASSWORD, 2, 0, False),
        (TWO_FACTORS, 2, FRESH, True),
        (TWO_FACTORS, 2, FRESH + 1, False),
        (("pop", "user", "mfa"), 2, FRESH, True),
        (TWO_FACTORS, 1, 0, True),
    ],
)
async def test_fresh_is_five_minutes_at_the_best_there_is(
    amr: tuple[str, ...], best: int, passed: int, fresh: bool
) -> None:
    assert is_fresh(signed_in(amr), best, NOON + passed) == fresh
