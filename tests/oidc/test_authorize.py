"""The authorization endpoint. RFC 6749 section 4.1; OpenID Connect Core section 3.1.2."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from oidc.endpoints.cookies import FLOW
from store.micros import MINUTE, SECOND
from tests.oidc.front import BAO, Browser, answered, browser, exchange, read_token, userinfo, why
from tests.oidc.values import CALLBACK, ISSUER, NOON, QUERY
from tests.world import World, open_world

pytestmark = pytest.mark.anyio


@pytest.mark.protocol(28, 30)
@pytest.mark.parametrize(
    ("changes", "code", "detail"),
    [
        ({"client_id": None}, "invalid_request", "missing client_id"),
        ({"client_id": "nobody"}, "invalid_client", "unknown client"),
        ({"client_id": "\0"}, "invalid_request", "client_id is repeated or no text"),
        ({"redirect_uri": None}, "invalid_request", "missing redirect_uri"),
        ({"redirect_uri": "https://evil.example"}, "invalid_request", "not registered"),
        ({"redirect_uri": CALLBACK + "\0"}, "invalid_request", "redirect_uri is repeated"),
    ],
    ids=str,
)
async def test_without_a_proven_address_there_is_a_page_and_no_redirect(
    world: World, changes: dict[str, str | None], code: str, detail: str
) -> None:
    answer = await browser(world).authorize(**changes)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")
    assert f'data-error="{code}"' in answer.text
    assert detail in why(world)


@pytest.mark.protocol(27, 28)
@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
async def test_who_asks_twice_under_two_names_gets_a_page(world: World, name: str) -> None:
    twice = urlencode([*QUERY.items(), (name, QUERY[name])])
    answer = await world.rp.get(f"/authorize?{twice}")
    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.protocol(27, 32, 36, 38, 41, 42, 43, 49, 53)
@pytest.mark.parametrize(
    ("more", "error", "detail"),
    [
        ("&scope=openid", "invalid_request", "a parameter is repeated"),
        ("&odd=%00", "invalid_request", "no text"),
        ("&odd=%ED%A0%80", "invalid_request", "no text"),
        ("&prompt=none+login", "invalid_request", "prompt=none and more"),
        ("&max_age=x", "invalid_request", "max_age"),
        ("&request=x", "invalid_request_object", "not in compact form"),
        ("&request=x&request=x", "invalid_request", "a parameter is repeated"),
        ("&request_uri=x&request_uri=x", "invalid_request", "a parameter is repeated"),
        ("&request_uri=x&request=x", "invalid_request", "request and request_uri"),
        ("&request_uri=x", "invalid_request_uri", "request_uri is not registered"),
        ("&claims=x", "invalid_request", "claims"),
    ],
)
async def test_after_it_the_client_is_told(
    world: World, more: str, error: str, detail: str
) -> None:
    answer = await world.rp.get(f"/authorize?{urlencode(QUERY)}{more}")
    said = answered(answer)
    assert said.keys() == {"error", "error_description", "state", "iss"}
    assert (said["error"], said["state"], said["iss"]) == (error, "s", ISSUER)
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", said["error_description"])
    assert detail in why(world)


@pytest.mark.protocol(36)
async def test_a_state_sent_twice_is_not_given_back(world: World) -> None:
    answer = await world.rp.get(f"/authorize?{urlencode(QUERY)}&state=t")
    assert "state" not in answered(answer)


@pytest.mark.protocol(32, 33, 37, 38)
@pytest.mark.parametrize(
    ("response_type", "error", "fragment"),
    [
        (None, "invalid_request", False),
        ("none", "unsupported_response_type", False),
        ("token", "unsupported_response_type", True),
        ("id_token token", "unsupported_response_type", True),
        ("id_token code", "unsupported_response_type", True),
    ],
)
async def test_what_would_hold_a_token_is_refused_in_the_fragment(
    world: World, response_type: str | None, error: str, fragment: bool
) -> None:
    answer = await browser(world).authorize(response_type=response_type)
    address = urlsplit(answer.headers["location"])
    assert bool(address.fragment) == fragment == (not address.query)
    assert answered(answer)["error"] == error


@pytest.mark.protocol(37, 41, 43)
async def test_who_is_signed_in_and_shares_nothing_comes_back_at_once(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    answer = await ada.authorize(scope="openid")
    said = answered(answer)
    assert said.keys() == {"code", "state", "iss"}
    back = urlsplit(answer.headers["location"])
    assert parse_qs(back.query).keys() == said.keys()
    assert not back.fragment
    assert said["iss"] == ISSUER
    assert re.fullmatch("[A-Za-z0-9._-]{40,}", said["code"])
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.protocol(36)
@pytest.mark.parametrize(
    "state", ["s" * 128, "s" * 4096, "".join(map(chr, range(32, 127))), "ộ\t\n%00", "a+b c&d=e#f"]
)
async def test_the_state_comes_back_byte_for_byte(world: World, state: str) -> None:
    ada = browser(world)
    refused = await ada.authorize(scope="openid", state=state, prompt="none")
    await ada.sign_in()
    for answer in (refused, await ada.authorize(scope="openid", state=state)):
        assert answered(answer)["state"] == state
    raw = quote(state, safe="")
    assert f"state={raw}&" in refused.headers["location"]


@pytest.mark.protocol(34, 35)
async def test_the_nonce_comes_back_byte_for_byte_or_not_at_all(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    for nonce in ("n" * 4096, 'a"b\\c\tộ '):
        token = (await ada.tokens(nonce=nonce))["id_token"]
        assert (await read_token(world, token)).claims["nonce"] == nonce
    token = (await ada.tokens(nonce=None))["id_token"]
    assert "nonce" not in (await read_token(world, token)).claims


@pytest.mark.protocol(26, 54)
async def test_a_posted_request_goes_on_as_a_get(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    posted = await world.rp.post("/authorize", data={**QUERY, "scope": "openid"})
    assert posted.status_code == 303
    address = posted.headers["location"]
    assert address.startswith("/authorize/resume?i=")
    assert "code" in answered(await ada.http.get(address))
    assert (await ada.http.get(address)).status_code == 400
    assert why(world) == "no such interaction, or not in this browser"


@pytest.mark.protocol(26, 60)
async def test_a_posted_request_belongs_to_the_first_browser_that_brings_it(world: World) -> None:
    ada, eve = browser(world), browser(world)
    address = (await world.rp.post("/authorize", data=QUERY)).headers["location"]
    waiting = await ada.http.get(address)
    assert waiting.headers["location"].startswith("/sign-in?i=")
    assert (await eve.http.get(address)).status_code == 400


@pytest.mark.protocol(26, 28)
@pytest.mark.parametrize(
    ("content", "kind", "status", "detail"),
    [
        (b"client_id=shop", "text/plain", 400, "body is not a form"),
        (b"{}", "application/json", 400, "body is not a form"),
        (b"client_id=nobody", "application/x-www-form-urlencoded", 400, "unknown client"),
        (b"x" * 65_537, "application/x-www-form-urlencoded", 413, "body too long"),
    ],
)
async def test_a_posted_request_must_be_a_form(
    world: World, content: bytes, kind: str, status: int, detail: str
) -> None:
    answer = await world.rp.post("/authorize", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, "location" in answer.headers) == (status, False)
    assert "data-error=" in answer.text
    assert detail in why(world)


@pytest.mark.protocol(119)
async def test_long_queries_and_many_cookies_are_read(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    headers = {"Cookie": "; ".join(f"c{n}={'x' * 300}" for n in range(100))}
    query = urlencode({**QUERY, "scope": "openid", "odd": "x" * 33_000})
    answer = await world.rp.get(f"/authorize?{query}", headers=headers)
    assert answer.headers["location"].startswith("/sign-in?i=")
    assert "code" in answered(
        await ada.get("/authorize", **{**QUERY, "scope": "openid", "x": "y" * 33_000})
    )


@pytest.mark.protocol(51)
async def test_prompt_none_is_answered_at_once(world: World) -> None:
    ada = browser(world)
    assert answered(await ada.authorize(prompt="none"))["error"] == "login_required"
    await ada.sign_in()
    assert answered(await ada.authorize(prompt="none"))["error"] == "consent_required"
    assert "not asked" in why(world)
    assert "code" in answered(await ada.authorize(prompt="none", scope="openid"))
    world.now += MINUTE
    late = await ada.authorize(prompt="none", scope="openid", max_age="1")
    assert answered(late)["error"] == "login_required"
    assert why(world) == "max_age passed"


@pytest.mark.protocol(54, 56, 57)
@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}])
async def test_signing_in_again_cannot_be_skipped(world: World, changes: dict[str, str]) -> None:
    ada = browser(world)
    await ada.sign_in()
    first = await read_token(world, (await ada.tokens())["id_token"])
    world.now += MINUTE
    page = (await ada.authorize(scope="openid", **changes)).headers["location"]
    assert page.startswith("/sign-in?i=")
    resume = "/authorize/resume?i=" + page.partition("i=")[2]
    for _ in range(2):
        assert (await ada.http.get(resume)).headers["location"] == page
    world.now += MINUTE
    await ada.sign_in()
    world.now += MINUTE
    code = answered(await ada.http.get(resume))["code"]
    second = await read_token(world, (await exchange(world, code)).json()["id_token"])
    assert first.claims["auth_time"] == NOON // SECOND
    assert second.claims["auth_time"] == NOON // SECOND + 120
    silent = await read_token(world, (await ada.tokens(prompt="none"))["id_token"])
    assert silent.claims["auth_time"] == second.claims["auth_time"]


@pytest.mark.protocol(58)
async def test_another_person_in_the_same_browser_is_another_person(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    first = await read_token(world, (await ada.tokens())["id_token"])
    world.now += MINUTE
    await ada.sign_in(BAO)
    second = await read_token(world, (await ada.tokens())["id_token"])
    assert first.claims["sub"] != second.claims["sub"]
    assert first.claims["sid"] != second.claims["sid"]


@pytest.mark.protocol(59)
async def test_the_hint_says_who_is_meant(world: World) -> None:
    ada, bob = browser(world), browser(world)
    await ada.sign_in()
    hint = (await ada.tokens())["id_token"]
    world.now += 100 * MINUTE
    asked = {"scope": "openid", "id_token_hint": hint}
    assert "code" in answered(await ada.authorize(**asked, prompt="none"))
    assert answered(await bob.authorize(**asked, prompt="none"))["error"] == "login_required"
    await bob.sign_in(BAO)
    world.now += MINUTE
    assert answered(await bob.authorize(**asked, prompt="none"))["error"] == "login_required"
    assert why(world) == "another person is meant"
    foreign = hint[:-8] + "AAAAAAAA"
    assert answered(await ada.authorize(id_token_hint=foreign))["error"] == "invalid_request"


@pytest.mark.protocol(60, 120)
async def test_two_requests_wait_side_by_side_in_one_browser(world: World) -> None:
    ada = browser(world)
    pages = [
        (await ada.authorize(scope="openid", state=state)).headers["location"] for state in "ab"
    ]
    await ada.sign_in()
    states = []
    for page in pages:
        resumed = await ada.get("/authorize/resume", i=parse_qs(urlsplit(page).query)["i"][0])
        states.append(answered(resumed)["state"])
    assert states == ["a", "b"]


@pytest.mark.protocol(120)
async def test_another_browser_cannot_finish_it(world: World) -> None:
    ada, eve = browser(world), browser(world)
    page = (await ada.authorize(scope="openid")).headers["location"]
    resume = "/authorize/resume?i=" + page.partition("i=")[2]
    await eve.sign_in()
    for thief in (eve, browser(world)):
        answer = await thief.http.get(resume)
        assert (answer.status_code, "location" in answer.headers) == (400, False)
    eve.http.cookies.set(FLOW, "guess", domain="id.example", path="/")
    assert (await eve.http.get(resume)).status_code == 400
    await ada.sign_in()
    assert "code" in answered(await ada.http.get(resume))
    assert (await ada.http.get(resume)).status_code == 400


@pytest.mark.protocol(120)
async def test_the_flow_cookie_is_made_once_and_kept_from_scripts(world: World) -> None:
    ada = browser(world)
    [cookie] = (await ada.authorize()).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-motcua-flow=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "set-cookie" not in (await ada.authorize()).headers


async def test_a_client_that_is_disabled_meanwhile_gets_nothing(world: World) -> None:
    ada = browser(world)
    page = (await ada.authorize(scope="openid")).headers["location"]
    await ada.sign_in()
    world.sql.execute("UPDATE client SET disabled_at = 1")
    world.now += 2 * SECOND
    answer = await ada.get("/authorize/resume", i=page.partition("i=")[2])
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert why(world) == "the client is no longer registered"


@pytest.mark.protocol(50)
async def test_a_database_that_is_busy_is_said_to_the_client(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        ada = browser(world)
        await ada.sign_in()
        with closing(sqlite3.connect(tmp_path / "motcua.db", isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            answer = await ada.authorize(scope="openid")
        assert answered(answer)["error"] == "temporarily_unavailable"
        assert "code" in answered(await ada.authorize(scope="openid"))


@pytest.mark.protocol(50)
async def test_a_fault_of_ours_is_said_to_the_client(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    ada = browser(world)
    await ada.sign_in()
    world.sql.execute("UPDATE session SET auth_time = 'noon'")
    assert answered(await ada.authorize())["error"] == "server_error"
    assert "fault" in caplog.text


@pytest.mark.protocol(69)
async def test_an_agency_knows_a_person_by_a_name_of_its_own(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    shop = await read_token(world, (await ada.tokens())["id_token"])
    again = await read_token(world, (await ada.tokens())["id_token"])
    code = await ada.code(client_id="bank")
    token = (await exchange(world, code, client_id="bank")).json()["id_token"]
    bank = await read_token(world, token)
    assert shop.claims["sub"] == again.claims["sub"] != bank.claims["sub"]
    assert shop.claims["sid"] != bank.claims["sid"]
    assert 16 <= len(shop.claims["sub"]) <= 255


@pytest.mark.protocol(59, 65)
@pytest.mark.parametrize("member", ["userinfo", "id_token"])
async def test_only_who_is_meant_is_sent_back(world: World, ada: Browser, member: str) -> None:
    tokens = await ada.tokens()
    me = (await read_token(world, tokens["id_token"])).claims["sub"]

    async def at_once(*subjects: str) -> dict[str, str]:
        claims = json.dumps({member: {"sub": {"values": subjects}}})
        return answered(await ada.authorize(scope="openid", prompt="none", claims=claims))

    assert "code" in await at_once(me)
    assert "code" in await at_once("somebody else", me)
    assert (await at_once("somebody else"))["error"] == "login_required"


@pytest.mark.protocol(65)
async def test_who_signs_in_in_place_of_who_is_meant_is_not_sent_back(
    world: World, ada: Browser
) -> None:
    me = (await read_token(world, (await ada.tokens())["id_token"])).claims["sub"]
    claims = json.dumps({"id_token": {"sub": {"value": me}}})
    bao = browser(world)
    page = (await bao.authorize(scope="openid", claims=claims)).headers["location"]
    world.now += MINUTE
    await bao.sign_in(BAO)
    resumed = await bao.get("/authorize/resume", i=page.partition("i=")[2])
    assert "code=" not in resumed.headers["location"]
    hint = (await ada.tokens())["id_token"]
    silent = await bao.authorize(scope="openid", id_token_hint=hint, prompt="none")
    assert answered(silent)["error"] == "login_required"


@pytest.mark.protocol(63, 64)
async def test_a_claim_with_a_language_is_the_one_that_there_is(world: World, ada: Browser) -> None:
    claims = '{"userinfo": {"email#vi": null, "unknown": null}, "id_token": {"email": null}}'
    await ada.agree("person.email", scope="openid", claims=claims)
    tokens = await ada.tokens(claims=claims)
    said = (await userinfo(world, tokens["access_token"])).json()
    assert said.keys() == {"sub", "email"}
    assert "email" not in (await read_token(world, tokens["id_token"])).claims
