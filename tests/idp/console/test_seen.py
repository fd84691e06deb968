"""Who has seen which key: the column, the page, and what is held for others."""

import pytest

from idp.pages.console.paths import KEYS, SEEN, SIGN_IN
from idp.pages.console.readiness import held, reader, seen_by
from idp.pages.languages import load
from keys.lives.policy import Policy
from keys.readiness.judge import readiness
from keys.readiness.rows import KeyFetchRow
from keys.signing_key import State
from store.micros import DAY
from tests.idp.console.desk import active, an_officer, visitor
from tests.idp.console.test_timeline import SIGNS, WAITS
from tests.keys.readiness.samples import fetch, service
from tests.sample import SHOP
from tests.soft_passkey import Authenticator
from tests.world import NOON, World

ENGLISH = load()["en"]
SERVICES = [service("portal", 996), service("tax", 4), service("library", known=False)]
FETCHED = [fetch("portal", "waits"), fetch("portal", SIGNS.kid), fetch("tax", SIGNS.kid)]


def test_of_how_many_services_a_key_was_seen() -> None:
    waits, signs = (readiness(it, SERVICES, FETCHED) for it in (WAITS, SIGNS))
    nobody_s = readiness(WAITS, (), ())

    assert [seen_by(it, ENGLISH) for it in (waits, signs)] == ["1 of 2", "2 of 2"]
    assert [seen_by(it, ENGLISH) for it in (nobody_s, None)] == ["", ""]


def test_a_key_that_is_held_is_told_with_what_hangs_on_it() -> None:
    strict = Policy(stale_percent=0.1)
    found = [readiness(it, SERVICES, FETCHED[:1]) for it in (WAITS, SIGNS)]

    [told] = held(found, strict, ENGLISH)

    assert (told.short, told.alg, told.stale, told.share) == ("waits", "ES256", "1 of 2", "0.4%")
    assert held(found, Policy(stale_percent=1), ENGLISH) == []
    assert held(found, Policy.of_demonstration(), ENGLISH) == []


def test_a_service_says_whether_it_has_the_key_and_what_it_carries() -> None:
    found = readiness(WAITS, SERVICES, FETCHED).services
    assert [
        (it.name, it.has, it.tone, it.share)
        for it in (reader(s, s.service.name, ENGLISH) for s in found)
    ] == [
        ("Portal", "has it", "safe", "99.6%"),
        ("Tax", "does not have it", "soon", "0.4%"),
        ("Library", "unknown", "", "0%"),
    ]
    assert reader(found[0], "x", ENGLISH).since == "1 Jan 2030, 19:00"
    assert reader(found[1], "x", ENGLISH).since == ""


@pytest.mark.anyio
async def test_the_page_names_each_service_that_the_key_is_for(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid, at = await active(world), NOON - DAY
    world.insert(KeyFetchRow(client_id=SHOP.client_id, kid=kid, first_at=at, last_at=NOON))

    await browser.open(KEYS)
    assert f'href="{SEEN}?key={kid}"' in browser.page.text
    await browser.open(f"{SEEN}?key={kid}")

    assert SHOP.client_name in browser.page.text
    assert "has it" in browser.page.text


@pytest.mark.anyio
async def test_a_key_that_no_service_is_signed_to_with_says_so(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    await browser.open(f"{SEEN}?key={await active(world, 'Ed25519')}")

    assert "No service is signed to with <span" in browser.page.text


@pytest.mark.anyio
@pytest.mark.parametrize("query", ["", "?key=nobody", "?key=../x"])
async def test_of_a_key_that_nobody_is_shown_there_is_no_page(world: World, query: str) -> None:
    browser = await an_officer(world, Authenticator())
    await browser.open(f"{SEEN}{query}")
    assert browser.here == f"https://id.example{KEYS}"


@pytest.mark.anyio
async def test_nobody_else_learns_who_has_seen_a_key(world: World) -> None:
    browser = visitor(world)
    await browser.open(f"{SEEN}?key={await active(world)}")
    assert browser.here == f"https://id.example{SIGN_IN}"


@pytest.mark.anyio
async def test_a_key_that_was_stopped_is_seen_by_nobody(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await active(world)
    world.sql.execute("UPDATE signing_key SET state = ? WHERE kid = ?", (State.SUSPENDED, kid))
    await browser.open(f"{SEEN}?key={kid}")
    assert browser.here == f"https://id.example{KEYS}"
