"""OpenID Connect Core section 5.3 and RFC 6750: what a token opens, now."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from oidc.tokens import ACCESS
from store.micros import MINUTE, SECOND, seconds
from tests.oidc.front import (
    POST_OFFICE,
    Browser,
    browser,
    change,
    exchange,
    read_token,
    userinfo,
    why,
)
from tests.oidc.values import ISSUER, NOON
from tests.world import World, basic, open_world

pytestmark = pytest.mark.anyio


@pytest.mark.protocol(66)
async def test_the_person_is_the_same_as_in_the_id_token(world: World, ada: Browser) -> None:
    tokens = await ada.tokens()
    token, subject = tokens["access_token"], (await read_token(world, tokens["id_token"])).claims
    answers = [
        await userinfo(world, token),
        await world.rp.get("/userinfo", headers={"Authorization": f"bEARER {token}"}),
        await world.rp.post("/userinfo", headers={"Authorization": f"Bearer {token}"}),
        await world.rp.post("/userinfo", data={"access_token": token}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()) == (200, {"sub": subject["sub"]})
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.protocol(61, 62, 64)
async def test_what_was_agreed_to_is_delivered_and_written_down(world: World, ada: Browser) -> None:
    await ada.agree("person.email")
    tokens = await ada.tokens(scope="openid profile email")
    body = (await userinfo(world, tokens["access_token"])).json()
    names = {"name", "family_name", "middle_name", "given_name"}
    assert body.keys() == {"sub", *names, "email", "email_verified"}
    assert (body["name"], body["email_verified"]) == ("Ada Lovelace", False)
    event = world.events()[-1]
    assert (event["type"], event["attributes"]) == ("DataReleased", ["person.name", "person.email"])
    alone = await ada.tokens(scope="openid", claims='{"userinfo": {"email": null}}')
    assert (await userinfo(world, alone["access_token"])).json().keys() == {"sub", "email"}


async def test_a_withdrawal_is_felt_at_once(world: World, ada: Browser) -> None:
    await ada.agree("person.email", scope="openid email")
    tokens = await ada.tokens(scope="openid email")
    code = await ada.code(scope="openid email")
    [account] = world.rows("SELECT account_id FROM record")
    [record] = await world.house.site.records.live(account, world.now)
    assert await world.house.site.records.withdraw(record.record_id, account, world.now)
    answer = await userinfo(world, tokens["access_token"])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert why(world) == "its grant has ended"
    assert (await exchange(world, code)).json()["error"] == "invalid_grant"
    assert why(world) == "its session or its record has ended"


@pytest.mark.protocol(68)
async def test_who_brings_no_token_is_told_no_error(world: World) -> None:
    for headers in ({}, basic("shop", "x"), {"Authorization": ""}):
        answer = await world.rp.get("/userinfo", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")
        assert answer.headers["www-authenticate"] == 'Bearer realm="motcua"'


@pytest.mark.protocol(68)
async def test_a_bad_token_is_refused(world: World, ada: Browser) -> None:
    tokens = await ada.tokens()
    token = tokens["access_token"]
    for bad in ("x", "a.b.c", token + "=", token[:-2] + "xx", tokens["id_token"], "x" * 17_000):
        answer = await userinfo(world, bad)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
        assert 'Bearer realm="motcua", error="invalid_token"' in answer.headers["www-authenticate"]
    world.now += 5 * MINUTE
    assert (await userinfo(world, token)).status_code == 401
    assert why(world) == "expired"


@pytest.mark.protocol(66, 68)
async def test_a_token_is_never_read_from_the_query_or_twice(world: World, ada: Browser) -> None:
    token = (await ada.tokens())["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    answers = [
        await world.rp.get("/userinfo", params={"access_token": token}),
        await world.rp.get("/userinfo", params={"access_token": token}, headers=header),
        await world.rp.post("/userinfo", data={"access_token": token}, headers=header),
        await world.rp.post("/userinfo", data={"access_token": ["a", "b"]}),
        await world.rp.get("/userinfo", headers=[("Authorization", "Bearer x")] * 2),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert 'realm="motcua", error="invalid_request"' in answer.headers["www-authenticate"]


@pytest.mark.protocol(68)
async def test_a_clients_own_token_opens_nothing_of_a_person(world: World) -> None:
    await change(
        world, "post office", grant_types=frozenset({"client_credentials"}), scope="reports"
    )
    form = {"grant_type": "client_credentials"}
    token = (await world.rp.post("/token", data=form, headers=POST_OFFICE)).json()["access_token"]
    answer = await userinfo(world, token)
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    revoked = await world.rp.post("/revoke", data={"token": token}, headers=POST_OFFICE)
    assert revoked.status_code == 200
    assert (await userinfo(world, token)).status_code == 401
    assert why(world) == "revoked"


async def test_a_token_for_somebody_else_is_none_for_us(world: World, ada: Browser) -> None:
    ring = await world.ports.keys.current(world.now)
    claims = {
        "iss": ISSUER,
        "sub": "s",
        "aud": "https://api.example",
        "client_id": "shop",
        "scope": "openid",
        "exp": seconds(NOON) + 60,
        "jti": "j",
        "nid:grant": "g",
    }
    token = ring.sign(claims, typ=ACCESS, comes_back=True)
    assert (await userinfo(world, token)).status_code == 401
    assert why(world) == "for somebody else"


async def test_the_database_decides_not_the_token(world: World, ada: Browser) -> None:
    token = (await ada.tokens())["access_token"]
    world.sql.execute('UPDATE "grant" SET ended_at = 1')
    assert (await userinfo(world, token)).json()["error"] == "invalid_token"
    assert why(world) == "its grant has ended"


async def test_a_client_that_is_disabled_gets_nothing_more(world: World, ada: Browser) -> None:
    token = (await ada.tokens())["access_token"]
    assert await world.house.parts.clients.disable("shop", world.now)
    world.now += 2 * SECOND
    assert (await userinfo(world, token)).json()["error"] == "invalid_token"
    assert why(world) == "its grant ended just now"


async def test_nothing_leaves_that_cannot_be_written_down(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        ada = browser(world)
        await ada.sign_in()
        await ada.agree("person.email")
        token = (await ada.tokens(scope="openid email"))["access_token"]
        with closing(sqlite3.connect(tmp_path / "motcua.db", isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            answer = await userinfo(world, token)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json().keys() == {"error", "error_description"}
        assert (await userinfo(world, token)).json()["email"] == "ada@example.org"


@pytest.mark.protocol(50)
async def test_a_fault_of_ours_is_said_without_details(
    world: World, ada: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    token = (await ada.tokens())["access_token"]
    world.sql.execute('ALTER TABLE "grant" RENAME TO elsewhere')
    answer = await userinfo(world, token)
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert "grant" not in answer.text
    assert "fault" in caplog.text


@pytest.mark.parametrize("name", ["client_id", "aud", "scope", "nid:grant", "jti", "exp"])
async def test_what_is_not_all_of_an_access_token_is_none(
    world: World, ada: Browser, name: str
) -> None:
    ring = await world.ports.keys.current(world.now)
    claims = ring.verify((await ada.tokens())["access_token"], typ=ACCESS)
    rest = {other: value for other, value in claims.items() if other != name}
    for odd in (rest, {**rest, name: None}, {**rest, name: {}}):
        answer = await userinfo(world, ring.sign(odd, typ=ACCESS))
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert (await userinfo(world, ring.sign(claims, typ=ACCESS))).status_code == 200
