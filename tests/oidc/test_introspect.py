"""RFC 7662 and RFC 9701: what a token is worth, for who may know."""

from typing import Any

import pytest
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import KeySet

from keys.secrets import new_id
from oidc.access import InvalidToken
from oidc.access.issued import read
from oidc.tokens import ACCESS, ID
from store.micros import MINUTE, SECOND, seconds
from tests.oidc.front import (
    POST_OFFICE,
    Browser,
    answered,
    change,
    exchange,
    read_token,
    userinfo,
)
from tests.oidc.offline import OFFLINE, SECRETS, allowed, refresh, refreshed
from tests.oidc.test_protected import KEYS, opened
from tests.oidc.values import ISSUER
from tests.sample import ARCHIVE_ADDRESS
from tests.world import World, basic

pytestmark = pytest.mark.anyio
ARCHIVE = basic("archive", "100%25+s%C3%A4ker")
SIGNED = {"Accept": "application/token-introspection+jwt"}


async def introspect(
    world: World, token: str, headers: dict[str, str] = ARCHIVE, **form: str
) -> Response:
    return await world.rp.post("/introspect", data={"token": token, **form}, headers=headers)


async def is_active(world: World, token: str, headers: dict[str, str] = ARCHIVE) -> bool:
    """And if it is not, nothing else is said."""
    answer = await introspect(world, token, headers)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    said = answer.json()
    assert said["active"] or said == {"active": False}
    return bool(said["active"])


async def for_archive(world: World, ada: Browser) -> dict[str, Any]:
    """Tokens with which the shop may go to the archive."""
    await change(world, "shop", resource=ARCHIVE_ADDRESS)
    return await ada.tokens()


async def own_token(world: World) -> str:
    """A token that a client has for itself, for the archive."""
    await change(
        world,
        "desk",
        resource=ARCHIVE_ADDRESS,
        scope="openid look",
        grant_types=frozenset({"authorization_code", "client_credentials"}),
    )
    form = {"grant_type": "client_credentials"}
    return str(
        (await world.rp.post("/token", data=form, headers=SECRETS["desk"])).json()["access_token"]
    )


async def test_who_guards_the_resource_is_told_what_the_token_says(
    world: World, ada: Browser
) -> None:
    tokens = await for_archive(world, ada)
    claims = (await userinfo(world, tokens["access_token"])).json()
    said = (await introspect(world, tokens["access_token"])).json()
    assert said.pop("jti")
    assert said == {
        "active": True,
        "token_type": "Bearer",
        "iss": ISSUER,
        "sub": claims["sub"],
        "aud": [ISSUER, ARCHIVE_ADDRESS],
        "client_id": "shop",
        "scope": "openid",
        "iat": seconds(world.now),
        "exp": seconds(world.now) + 300,
    }


async def test_a_clients_own_token_is_told_of_too_until_it_is_given_back(world: World) -> None:
    token = await own_token(world)
    assert (await introspect(world, token, token_type_hint="nonsense")).json()[
        "sub"
    ] == "client:desk"
    await world.rp.post("/revoke", data={"token": token}, headers=SECRETS["desk"])
    assert not await is_active(world, token)


async def test_a_token_for_somebody_else_is_not_active(world: World, ada: Browser) -> None:
    plain = (await ada.tokens())["access_token"]
    assert (await userinfo(world, plain)).status_code == 200
    assert not await is_active(world, plain)
    theirs = (await for_archive(world, ada))["access_token"]
    assert await is_active(world, theirs)
    assert not await is_active(world, theirs, POST_OFFICE)
    await change(world, "post office", resource=ARCHIVE_ADDRESS)
    assert not await is_active(world, theirs, POST_OFFICE)


@pytest.mark.parametrize(
    "end",
    [
        'UPDATE "grant" SET ended_at = 1',
        'UPDATE "grant" SET ends_at = 1',
        "UPDATE session SET ended_at = 1",
        "UPDATE session SET ends_at = 1",
        "UPDATE client SET disabled_at = 1 WHERE client_id = 'shop'",
    ],
)
async def test_it_is_worth_nothing_once_what_it_rests_on_has_ended(
    world: World, ada: Browser, end: str
) -> None:
    token = (await for_archive(world, ada))["access_token"]
    world.sql.execute(end)
    world.now += 2 * SECOND
    assert not await is_active(world, token)


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE record SET ended_at = 1",
        "UPDATE record SET expires_at = 1",
        "UPDATE purpose SET version = 2",
    ],
)
async def test_i10_nor_once_the_person_has_stopped_it(world: World, ada: Browser, end: str) -> None:
    await change(world, "app", resource=ARCHIVE_ADDRESS)
    tokens = await allowed(world, ada)
    assert await is_active(world, tokens["access_token"])
    world.sql.execute(end)
    assert not await is_active(world, tokens["access_token"])


async def test_it_is_worth_nothing_after_its_time(world: World, ada: Browser) -> None:
    token = (await for_archive(world, ada))["access_token"]
    world.now += 5 * MINUTE - SECOND
    assert await is_active(world, token)
    world.now += SECOND
    assert not await is_active(world, token)


async def test_what_rests_on_no_session_outlives_it(world: World, ada: Browser) -> None:
    await change(world, "app", resource=ARCHIVE_ADDRESS)
    token = (await allowed(world, ada))["access_token"]
    world.sql.execute("UPDATE session SET ends_at = 1")
    assert await is_active(world, token)


async def test_a_client_is_told_of_its_own_refresh_tokens(world: World, ada: Browser) -> None:
    tokens = await allowed(world, ada, "desk")
    assert SECRETS["desk"] is not None
    said = (await introspect(world, tokens["refresh_token"], SECRETS["desk"])).json()
    sub = (await userinfo(world, tokens["access_token"])).json()["sub"]
    assert said == {
        "active": True,
        "iss": ISSUER,
        "sub": sub,
        "client_id": "desk",
        "scope": "email offline_access openid profile",
        "exp": seconds(world.now) + 30 * 24 * 3600,
    }
    assert not await is_active(world, tokens["refresh_token"])
    await world.rp.post("/revoke", data={"token": tokens["refresh_token"]}, headers=SECRETS["desk"])
    assert not await is_active(world, tokens["refresh_token"], SECRETS["desk"])


async def test_to_look_at_an_old_refresh_token_does_not_end_its_family(
    world: World, ada: Browser
) -> None:
    old = (await allowed(world, ada))["refresh_token"]
    newest = (await refreshed(world, old))["refresh_token"]
    world.now += MINUTE
    assert not await is_active(world, old)
    assert (await refresh(world, newest)).status_code == 200


async def test_what_is_no_token_is_not_active(world: World, ada: Browser) -> None:
    ring = await world.ports.keys.current(world.now)
    claims = {"iss": ISSUER, "aud": ARCHIVE_ADDRESS, "sub": "s", "client_id": "shop", "scope": ""}
    later = {"iat": seconds(world.now), "exp": seconds(world.now + MINUTE)}
    known = {**claims, **later, "jti": new_id(world.now), "nid:grant": "nobody"}
    tokens = await for_archive(world, ada)
    for token in (
        "x",
        "a.b.c",
        "x" * 20_000,
        "ä",
        tokens["id_token"],
        tokens["access_token"] + "A",
        ring.sign(known, typ=ACCESS, comes_back=True),
        ring.sign(known, typ=ID),
        ring.sign({**claims, **later}, typ=ACCESS),
    ):
        assert not await is_active(world, token), token


@pytest.mark.parametrize("active", [True, False])
async def test_the_answer_can_be_had_signed(world: World, ada: Browser, active: bool) -> None:
    token = (await for_archive(world, ada))["access_token"] if active else "x"
    answer = await introspect(world, token, {**ARCHIVE, **SIGNED})

    assert answer.headers["content-type"] == "application/token-introspection+jwt"
    assert answer.headers["cache-control"] == "no-store"
    keys = KeySet.import_key_set((await world.rp.get("/jwks")).json())
    said = jwt.decode(answer.text, keys, algorithms=["ES256"])
    assert said.header["typ"] == "token-introspection+jwt"
    plain = (await introspect(world, token)).json()
    assert plain["active"] is active
    assert said.claims == {
        "iss": ISSUER,
        "aud": "archive",
        "iat": seconds(world.now),
        "token_introspection": plain,
    }
    with pytest.raises(InvalidToken):
        await read(answer.text, world.ports, world.now)


async def test_it_is_signed_as_the_caller_registered_and_where_it_says_so(
    world: World, ada: Browser
) -> None:
    await change(world, "archive", introspection_signed_response_alg="RS256")
    accept = {"Accept": "text/html, Application/Token-Introspection+JWT;q=0.5"}
    answer = await introspect(world, "x", {**ARCHIVE, **accept})
    keys = KeySet.import_key_set((await world.rp.get("/jwks")).json())
    assert jwt.decode(answer.text, keys, algorithms=["RS256"]).claims["aud"] == "archive"
    for other in ("application/json", "*/*", "application/jwt"):
        plain = await introspect(world, "x", {**ARCHIVE, "Accept": other})
        assert plain.json() == {"active": False}


async def test_who_proves_nothing_is_told_nothing(world: World, ada: Browser) -> None:
    token = (await for_archive(world, ada))["access_token"]
    for headers, form in (
        ({}, {}),
        ({}, {"client_id": "shop"}),
        ({}, {"client_id": "archive"}),
        (basic("archive", "wrong"), {}),
        ({"Authorization": f"Bearer {token}"}, {}),
    ):
        answer = await introspect(world, token, headers, **form)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    missing = await world.rp.post("/introspect", headers=ARCHIVE, data={"a": "b"})
    assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")
    assert (await world.rp.get("/introspect")).status_code == 405
    assert "access-control-allow-origin" not in missing.headers


async def test_a_code_that_was_replayed_leaves_nothing_active(world: World, ada: Browser) -> None:
    await change(world, "app", resource=ARCHIVE_ADDRESS)
    await ada.agree(client_id="app", **OFFLINE)
    code = answered(ada.pages.page)["code"]
    tokens = (await exchange(world, code, client_id="app")).json()
    assert await is_active(world, tokens["access_token"])
    await exchange(world, code, client_id="app")
    assert not await is_active(world, tokens["access_token"])


async def test_it_is_signed_and_then_encrypted_for_who_registered_so(world: World) -> None:
    await change(
        world,
        "archive",
        jwks=KEYS,
        introspection_encrypted_response_alg="ECDH-ES",
        introspection_encrypted_response_enc="A256GCM",
    )
    answer = await introspect(world, "x", {**ARCHIVE, **SIGNED})
    inside = await read_token(world, opened(answer.text, "ECDH-ES", "A256GCM").decode(), "ES256")
    assert inside.claims["token_introspection"] == {"active": False}
    assert inside.header["typ"] == "token-introspection+jwt"
