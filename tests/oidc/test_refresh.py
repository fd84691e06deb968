"""RFC 6749 section 6, OpenID Connect Core sections 11 and 12: tokens when nobody is there."""

import asyncio
from typing import Any

import pytest

from oidc.refresh_tokens import RefreshToken
from store.micros import DAY, MINUTE, SECOND
from tests.oidc.front import Browser, answered, change, exchange, read_token, userinfo, why
from tests.oidc.offline import OFFLINE, SECRETS, allowed, claims_of, refresh, refreshed
from tests.oidc.test_protected import KEYS, opened
from tests.oidc.values import VERIFIER
from tests.world import World

pytestmark = pytest.mark.anyio
BOTH = pytest.mark.parametrize("client_id", ["app", "desk"])


def ended(world: World) -> list[str]:
    return [event["reason"] for event in world.events() if event["type"] == "GrantEnded"]


@pytest.mark.protocol(55, 78)
async def test_a_refresh_token_takes_the_scope_the_consent_and_the_registered_grant(
    world: World, ada: Browser
) -> None:
    tokens = await allowed(world, ada)
    assert tokens["scope"] == "email offline_access openid profile"
    assert tokens["refresh_token"].isascii()

    for changes in ({"prompt": None}, {"prompt": "none"}):
        asked = {**OFFLINE, "client_id": "app", **changes}
        code = answered(await ada.authorize(**asked))["code"]
        plain = (await exchange(world, code, client_id="app")).json()
        assert "refresh_token" not in plain
        assert "offline_access" not in plain["scope"]

    await ada.agree(client_id="shop", **OFFLINE)
    plain = (await exchange(world, answered(ada.pages.page)["code"])).json()
    assert "refresh_token" not in plain
    assert plain["scope"] == "email openid profile"


async def test_without_a_purpose_there_is_nobody_to_ask_and_nothing_to_allow(
    world: World, ada: Browser
) -> None:
    await change(world, "app", purpose_id=None)
    code = answered(await ada.authorize(**{**OFFLINE, "client_id": "app"}))["code"]
    assert "refresh_token" not in (await exchange(world, code, client_id="app")).json()


@BOTH
@pytest.mark.protocol(57, 75, 76)
async def test_a_refresh_gives_a_new_access_token_and_an_id_token_for_the_same_sign_in(
    world: World, ada: Browser, client_id: str
) -> None:
    first = await allowed(world, ada, client_id)
    world.now += 60 * MINUTE
    answer = await refresh(world, first["refresh_token"], client_id)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    second = answer.json()
    assert second["access_token"] != first["access_token"]
    assert (second["token_type"], second["expires_in"]) == ("Bearer", 300)
    before, after = await claims_of(world, first), await claims_of(world, second)
    assert after["iat"] == before["iat"] + 3600
    assert after["exp"] == before["exp"] + 3600
    assert before.pop("nonce") == "n"
    moved = ("iat", "exp")
    assert {k: v for k, v in after.items() if k not in moved} == {
        k: v for k, v in before.items() if k not in moved
    }
    assert (await userinfo(world, first["access_token"])).status_code == 401
    assert (await userinfo(world, second["access_token"])).json()["sub"] == after["sub"]
    issued = [event for event in world.events() if event["type"] == "TokenIssued"]
    assert [event["grant_type"] for event in issued] == ["authorization_code", "refresh_token"]
    assert issued[0]["grant_id"] == issued[1]["grant_id"]


@BOTH
@pytest.mark.protocol(76)
async def test_a_refresh_may_be_for_less_and_never_for_more(
    world: World, ada: Browser, client_id: str
) -> None:
    token = (await allowed(world, ada, client_id))["refresh_token"]

    for wider in ("openid phone", "openid admin", " "):
        answer = await refresh(world, token, client_id, scope=wider)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    less = (await refresh(world, token, client_id, scope="openid email")).json()
    assert less["scope"] == "email openid"
    assert (await userinfo(world, less["access_token"])).json().keys() == {"sub"}
    bare = (await refresh(world, less["refresh_token"], client_id, scope="profile")).json()
    assert "id_token" not in bare
    assert (await userinfo(world, bare["access_token"])).status_code == 403
    whole = await refreshed(world, bare["refresh_token"], client_id)
    assert whole["scope"] == "email offline_access openid profile"
    assert "name" in (await userinfo(world, whole["access_token"])).json()


@pytest.mark.protocol(77)
async def test_a_public_clients_token_is_replaced_at_each_use(world: World, ada: Browser) -> None:
    tokens = [(await allowed(world, ada))["refresh_token"]]
    for _ in range(3):
        tokens.append((await refreshed(world, tokens[-1]))["refresh_token"])
        world.now += MINUTE
    assert len(set(tokens)) == 4


@pytest.mark.protocol(77)
async def test_a_client_that_proves_itself_keeps_its_token(world: World, ada: Browser) -> None:
    token = (await allowed(world, ada, "desk"))["refresh_token"]
    for _ in range(3):
        assert (await refreshed(world, token, "desk"))["refresh_token"] == token
        world.now += DAY


@pytest.mark.protocol(77)
async def test_who_never_got_the_answer_asks_again_and_gets_the_same_token(
    world: World, ada: Browser
) -> None:
    old = (await allowed(world, ada))["refresh_token"]
    first = await refreshed(world, old)
    world.now += 10 * SECOND - 1
    again = await refreshed(world, old)
    assert again["refresh_token"] == first["refresh_token"]
    assert again["access_token"] != first["access_token"]
    assert (await refresh(world, first["refresh_token"])).status_code == 200
    assert ended(world) == []


@pytest.mark.protocol(77)
async def test_thirty_windows_that_refresh_at_once_sign_nobody_out(
    world: World, ada: Browser
) -> None:
    old = (await allowed(world, ada))["refresh_token"]
    windows = await asyncio.gather(*(refreshed(world, old) for _ in range(30)))
    assert len({tokens["access_token"] for tokens in windows}) == 30
    [newest] = {tokens["refresh_token"] for tokens in windows}
    for tokens in windows[::10]:
        assert (await userinfo(world, tokens["access_token"])).status_code == 200
    assert (await refresh(world, newest)).status_code == 200
    assert ended(world) == []


@pytest.mark.protocol(77)
@pytest.mark.parametrize("turns", [1, 2])
async def test_any_other_use_of_an_old_token_ends_all_of_its_family(
    world: World, ada: Browser, turns: int
) -> None:
    old = (await allowed(world, ada))["refresh_token"]
    newest = await refreshed(world, old)
    if turns == 1:
        world.now += 10 * SECOND
    for _ in range(turns - 1):
        newest = await refreshed(world, newest["refresh_token"])

    answer = await refresh(world, old)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert ended(world) == ["refresh token reused"]
    assert (await refresh(world, newest["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await userinfo(world, newest["access_token"])).status_code == 401
    assert (await refresh(world, old)).json()["error"] == "invalid_grant"
    assert ended(world) == ["refresh token reused"]


@pytest.mark.protocol(76)
async def test_nobody_uses_what_is_anothers_and_nothing_becomes_of_it(
    world: World, ada: Browser
) -> None:
    token = (await allowed(world, ada))["refresh_token"]
    answer = await refresh(world, token, "desk")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert why(world) == "refresh token belongs to another client"
    other = await refresh(world, token, "shop")
    assert other.json()["error"] == "unauthorized_client"
    assert (await refresh(world, token)).status_code == 200


async def test_a_token_in_which_anything_is_changed_is_no_token_and_changes_nothing(
    world: World, ada: Browser
) -> None:
    token = (await allowed(world, ada))["refresh_token"]
    read = world.ports.refresh_tokens.read
    assert read(token) is not None
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert read(token[:place] + other + token[place + 1 :]) is None, place
    for text in ("x", "", token + "A", token + "\n", token.replace(".0.", ".00."), "ä" * 108):
        assert read(text) is None
    answer = await refresh(world, token.replace(".0.", ".1."))
    assert answer.json()["error"] == "invalid_grant"
    assert why(world) == "unknown refresh token"
    assert (await refresh(world, token)).status_code == 200


async def test_a_token_of_a_time_that_nobody_remembers_is_refused(
    world: World, ada: Browser
) -> None:
    """A database from before: what was said since then may not end it, nor be believed."""
    tokens = world.ports.refresh_tokens
    now = tokens.read((await allowed(world, ada))["refresh_token"])
    assert now is not None
    later = tokens.write(now.successor().successor())
    assert (await refresh(world, later)).json()["error"] == "invalid_grant"
    strange = tokens.write(RefreshToken.first(world.now))
    assert (await refresh(world, strange)).json()["error"] == "invalid_grant"
    assert (await refresh(world, tokens.write(now))).status_code == 200


@BOTH
async def test_it_is_over_once_nobody_has_used_it_for_thirty_days(
    world: World, ada: Browser, client_id: str
) -> None:
    token = (await allowed(world, ada, client_id))["refresh_token"]
    world.sql.execute("UPDATE record SET expires_at = expires_at * 2")
    world.now += 30 * DAY - 1
    token = (await refreshed(world, token, client_id))["refresh_token"]
    world.now += 30 * DAY
    assert (await refresh(world, token, client_id)).json()["error"] == "invalid_grant"


@BOTH
async def test_it_is_over_after_ninety_days_however_often_it_was_used(
    world: World, ada: Browser, client_id: str
) -> None:
    token = (await allowed(world, ada, client_id))["refresh_token"]
    world.sql.execute("UPDATE record SET expires_at = expires_at * 2")
    for _ in range(4):
        world.now += 20 * DAY
        token = (await refreshed(world, token, client_id))["refresh_token"]
    world.now += 10 * DAY
    assert (await refresh(world, token, client_id)).json()["error"] == "invalid_grant"


@BOTH
@pytest.mark.parametrize(
    "end",
    [
        "UPDATE record SET ended_at = 1",
        "UPDATE record SET expires_at = 1",
        "UPDATE purpose SET version = 2",
        "UPDATE record SET allowed = 'person.name'",
        'UPDATE "grant" SET ended_at = 1',
    ],
)
async def test_it_rests_on_what_the_person_decided(
    world: World, ada: Browser, client_id: str, end: str
) -> None:
    token = (await allowed(world, ada, client_id))["refresh_token"]
    world.sql.execute(end)
    assert (await refresh(world, token, client_id)).json()["error"] == "invalid_grant"


@pytest.mark.protocol(96)
async def test_signing_out_ends_what_was_for_the_session_and_nothing_else(
    world: World, ada: Browser
) -> None:
    offline = await allowed(world, ada)
    online = await ada.tokens()
    await world.ports.sign_out.end(ada.http.cookies["__Host-motcua"], world.now)

    assert (await userinfo(world, online["access_token"])).status_code == 401
    assert (await userinfo(world, offline["access_token"])).status_code == 200
    assert (await refresh(world, offline["refresh_token"])).status_code == 200


@pytest.mark.protocol(79)
async def test_a_code_used_twice_ends_its_refresh_tokens_too(world: World, ada: Browser) -> None:
    await ada.agree(client_id="app", **OFFLINE)
    code = answered(ada.pages.page)["code"]
    tokens = (await exchange(world, code, client_id="app")).json()
    await exchange(world, code, client_id="app", code_verifier=VERIFIER)
    assert (await refresh(world, tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_what_lies_in_the_database_is_no_token_and_makes_none(
    world: World, ada: Browser
) -> None:
    token = (await allowed(world, ada))["refresh_token"]
    second = (await refreshed(world, token))["refresh_token"]
    dump = "\n".join(world.sql.iterdump())
    for part in {*token.split("."), *second.split(".")}:
        assert len(part) < 20 or part not in dump


async def test_it_takes_a_token_and_a_client_that_may(world: World, ada: Browser) -> None:
    form: dict[str, Any] = {"grant_type": "refresh_token", "client_id": "app"}
    answer = await world.rp.post("/token", data=form)
    assert answer.json()["error"] == "invalid_request"
    token = (await allowed(world, ada, "desk"))["refresh_token"]
    form = {**form, "client_id": "desk", "refresh_token": token}
    assert (await world.rp.post("/token", data=form)).json()["error"] == "invalid_client"
    assert SECRETS["desk"] is not None


async def test_a_refreshed_id_token_is_encrypted_as_the_first_was(
    world: World, ada: Browser
) -> None:
    await change(
        world,
        "app",
        jwks=KEYS,
        id_token_encrypted_response_alg="ECDH-ES",
        id_token_encrypted_response_enc="A256GCM",
    )
    first = await allowed(world, ada)
    second = await refreshed(world, first["refresh_token"])
    for tokens in (first, second):
        inside = opened(tokens["id_token"], "ECDH-ES", "A256GCM").decode()
        assert (await read_token(world, inside, "ES256")).claims["aud"] == "app"
