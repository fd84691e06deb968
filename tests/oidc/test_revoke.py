"""RFC 7009: a client gives a token back."""

import pytest

from oidc.tokens import ACCESS
from store.micros import MINUTE, seconds
from tests.oidc.front import Browser, browser, userinfo, why
from tests.oidc.offline import allowed, refresh, refreshed
from tests.oidc.values import ISSUER, NOON
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_token_given_back_ends_its_grant(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    token = (await ada.tokens())["access_token"]
    for hint in ({}, {"token_type_hint": "access_token"}, {"token_type_hint": "nonsense"}):
        form = {"client_id": "shop", "token": token, **hint}
        answer = await world.rp.post("/revoke", data=form)
        assert (answer.status_code, answer.content) == (200, b"")
        assert (await userinfo(world, token)).status_code == 401
    types = [event["type"] for event in world.events()]
    assert types.count("GrantEnded") == 1


@pytest.mark.parametrize("hint", [{}, {"token_type_hint": "refresh_token"}])
async def test_a_refresh_token_given_back_ends_all_of_its_family(
    world: World, ada: Browser, hint: dict[str, str]
) -> None:
    old = (await allowed(world, ada))["refresh_token"]
    tokens = await refreshed(world, old)
    for token in (old, tokens["refresh_token"], "0" * 14 + "." + "x" * 43 + ".0." + "x" * 43):
        form = {"client_id": "app", "token": token, **hint}
        answer = await world.rp.post("/revoke", data=form)
        assert (answer.status_code, answer.content) == (200, b"")
    assert (await refresh(world, tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await userinfo(world, tokens["access_token"])).status_code == 401
    types = [event["type"] for event in world.events()]
    assert types.count("GrantEnded") == 1


async def test_an_access_token_given_back_ends_the_refresh_tokens_too(
    world: World, ada: Browser
) -> None:
    tokens = await allowed(world, ada)
    narrow = (await refresh(world, tokens["refresh_token"], scope="profile")).json()
    form = {"client_id": "app", "token": narrow["access_token"]}
    assert (await world.rp.post("/revoke", data=form)).status_code == 200
    assert (await refresh(world, narrow["refresh_token"])).json()["error"] == "invalid_grant"


async def test_what_is_no_token_is_answered_like_one(world: World) -> None:
    ring = await world.ports.keys.current(world.now)
    bare = ring.sign({"iss": ISSUER, "aud": ISSUER, "exp": seconds(NOON + MINUTE)}, typ=ACCESS)
    for token in ("x", "a.b.c", "x" * 20_000, bare):
        answer = await world.rp.post("/revoke", data={"client_id": "shop", "token": token})
        assert answer.status_code == 200


async def test_a_token_that_has_ended_by_itself_needs_no_revocation(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    token = (await ada.tokens())["access_token"]
    world.now += 5 * MINUTE
    form = {"client_id": "shop", "token": token}
    assert (await world.rp.post("/revoke", data=form)).status_code == 200
    assert world.rows('SELECT ended_at FROM "grant"') == [None]


async def test_nobody_revokes_what_is_anothers(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    token = (await ada.tokens())["access_token"]
    offline = await allowed(world, ada)
    for others in (token, offline["access_token"], offline["refresh_token"]):
        answer = await world.rp.post("/revoke", data={"client_id": "bank", "token": others})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        assert why(world) == "the token is another client's"
    assert (await userinfo(world, token)).status_code == 200
    assert (await refresh(world, offline["refresh_token"])).status_code == 200


async def test_who_asks_must_be_known(world: World) -> None:
    answer = await world.rp.post("/revoke", data={"client_id": "nobody", "token": "x"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    missing = await world.rp.post("/revoke", data={"client_id": "shop"})
    assert missing.json()["error"] == "invalid_request"
