"""RFC 9126: a client says what it will ask before the browser comes."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx2 import Response

from keys.secrets import ticket_digest
from oidc.authorize.pushed import LIVES, PREFIX
from oidc.client_auth.assertion import TYPE
from store.micros import MINUTE, SECOND
from tests.oidc.front import BAO, Browser, answered, browser, change, exchange, query, why
from tests.oidc.objects import ABSENT, OUTSIDE, request_object
from tests.oidc.test_private_key_jwt import statement
from tests.oidc.values import CALLBACK, ISSUER
from tests.world import World, basic, open_world

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(102)]
PROOF = {"client_assertion_type": TYPE}
PAR = f"{ISSUER}/par"


async def push(world: World, **changes: str | None) -> Response:
    return await world.rp.post("/par", data=query(**{"scope": "openid", **changes}))


async def pushed(world: World, **changes: str | None) -> str:
    answer = await push(world, **changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["request_uri"])


async def go(browser: Browser, request_uri: str, client_id: str = "shop", **more: str) -> Response:
    return await browser.get("/authorize", client_id=client_id, request_uri=request_uri, **more)


def assert_page(answer: Response, code: str) -> None:
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert f'data-error="{code}"' in answer.text


async def test_a_pushed_request_is_named_by_the_browser(world: World, ada: Browser) -> None:
    answer = await push(world, state="pushed")
    said = answer.json()
    assert (answer.status_code, said.keys()) == (201, {"request_uri", "expires_in"})
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "application/json",
        "no-store",
    )
    assert said["request_uri"].startswith(PREFIX)
    assert len(said["request_uri"]) >= len(PREFIX) + 43
    assert 60 <= said["expires_in"] <= 90
    back = answered(await go(ada, said["request_uri"]))
    assert back["state"] == "pushed"
    assert (await exchange(world, back["code"])).status_code == 200


async def test_nothing_beside_the_name_counts(world: World, ada: Browser) -> None:
    uri = await pushed(world, state=None)
    said = answered(await go(ada, uri, state="beside", redirect_uri="https://evil.example"))
    assert said.keys() == {"code", "iss"}


@pytest.mark.protocol(72, 74)
async def test_a_client_proves_itself_as_at_the_token_endpoint(world: World, ada: Browser) -> None:
    named = {"client_id": "tax", **PROOF}
    for number, audience in enumerate((ISSUER, f"{ISSUER}/token", PAR)):
        proof = statement(aud=audience, jti=str(number))
        assert (await push(world, **named, client_assertion=proof)).status_code == 201
    court: dict[str, Any] = {"iss": "court", "sub": "court"}
    strict = {"client_id": "court", **PROOF}
    proof = statement(**court, aud=PAR, jti="3")
    assert (await push(world, **strict, client_assertion=proof)).status_code == 401
    uri = await pushed(world, **strict, client_assertion=statement(**court, jti="4"))
    assert "code" in answered(await go(ada, uri, "court"))
    again = await push(world, **strict, client_assertion=statement(**court, jti="4"))
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


@pytest.mark.protocol(72)
async def test_who_proves_nothing_pushes_nothing(world: World) -> None:
    for client_id in ("tax", "post office", "nobody"):
        answer = await push(world, client_id=client_id)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    wrong = await world.rp.post("/par", data=query(), headers=basic("post+office", "guess"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert wrong.headers["www-authenticate"].startswith("Basic")


async def test_no_secret_is_put_away(world: World) -> None:
    secret = "100% säker"
    uri = await pushed(world, client_id="counter", client_secret=secret)
    key = f"pushed:{ticket_digest(uri.removeprefix(PREFIX))}"
    kept = await world.ports.one_time.peek(key)
    assert kept is not None
    assert b"client_secret" not in kept
    raw = await world.house.parts.storage.one_time._inner.peek(key)  # type: ignore[attr-defined]  # noqa: SLF001  what lies in the store
    assert CALLBACK.encode() not in raw


@pytest.mark.protocol(30, 32, 33, 40, 44, 49, 53, 64)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "https://evil.example"}, "invalid_request"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"id_token_hint": "x"}, "invalid_request"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"request_uri": f"{PREFIX}x"}, "invalid_request"),
        ({"request_uri": "https://shop.example/request"}, "invalid_request"),
        ({"request": "x"}, "invalid_request_object"),
        ({"state": "\0"}, "invalid_request"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_told_at_once(
    world: World, changes: dict[str, str | None], error: str
) -> None:
    answer = await push(world, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "location" not in answer.headers


async def test_nothing_is_pushed_by_another_method_or_in_another_form(world: World) -> None:
    got = await world.rp.get(f"/par?{urlencode(query())}")
    assert (got.status_code, got.headers["allow"]) == (405, "POST, OPTIONS")
    as_json = await world.rp.post("/par", json=query())
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
    long = await push(world, odd="x" * 70_000)
    assert (long.status_code, long.json()["error"]) == (413, "invalid_request")


@pytest.mark.parametrize(("room", "status"), [(7_000, 201), (12_000, 413)])
async def test_no_more_waits_than_a_signed_request_may_say(
    world: World, ada: Browser, room: int, status: int
) -> None:
    """RFC 9126 section 2.3. A public client's name is known to strangers."""
    long = {"state": "s" * 4096, "nonce": "n" * 4096}
    claims = json.dumps({"userinfo": {"x" * room: None}})
    answer = await push(world, **long, claims=claims)
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["error"] == "invalid_request"
        assert why(world) == "pushed request too long"
    else:
        back = answered(await go(ada, answer.json()["request_uri"]))
        assert back["state"] == long["state"]


async def test_what_nobody_knows_does_not_wait(world: World, ada: Browser) -> None:
    uri = await pushed(world, odd="x" * 50_000)
    kept = await world.ports.one_time.peek(f"pushed:{ticket_digest(uri.removeprefix(PREFIX))}")
    assert kept is not None
    assert len(kept) < 1_000
    assert "code" in answered(await go(ada, uri))


async def test_it_is_of_one_client(world: World, ada: Browser) -> None:
    uri = await pushed(world)
    assert_page(await go(ada, uri, "bank"), "invalid_request_uri")
    assert why(world) == "the pushed request is another client's"
    assert_page(await ada.get("/authorize", request_uri=uri), "invalid_request")
    assert "code" in answered(await go(ada, uri))


@pytest.mark.parametrize("name", ["", "x", "\U0001f600", "x" * 5000])
async def test_a_name_that_nobody_gave_is_a_page(ada: Browser, name: str) -> None:
    assert_page(await go(ada, PREFIX + name, redirect_uri=CALLBACK), "invalid_request_uri")


async def test_a_name_given_twice_is_a_page(world: World, ada: Browser) -> None:
    twice = [("client_id", "shop"), *[("request_uri", await pushed(world))] * 2]
    assert_page(await ada.http.get(f"/authorize?{urlencode(twice)}"), "invalid_request")


async def test_it_ends_after_a_minute_and_a_half(world: World, ada: Browser) -> None:
    uri = await pushed(world)
    world.now += LIVES - 1
    answer = await browser(world).get("/authorize", client_id="shop", request_uri=uri)
    assert answer.headers["location"].startswith("/sign-in?i=")
    world.now += 1
    assert_page(await go(ada, uri), "invalid_request_uri")


async def test_it_ends_by_the_engines_clock_too(world: World, ada: Browser) -> None:
    """What the store keeps longer than it should is over all the same."""
    uri = await pushed(world)
    inner = world.house.parts.storage.one_time
    key = f"pushed:{ticket_digest(uri.removeprefix(PREFIX))}"
    kept = await inner.peek(key)
    assert kept is not None
    await inner.put(key, kept, ttl=10 * MINUTE)
    world.now += LIVES
    assert_page(await go(ada, uri), "invalid_request_uri")
    assert why(world) == "the pushed request is over"


async def test_a_page_may_be_loaded_again_until_it_is_completed(world: World) -> None:
    bao = browser(world)
    uri = await pushed(world)
    pages = [(await go(bao, uri)).headers["location"] for _ in range(3)]
    assert all(page.startswith("/sign-in?i=") for page in pages)
    world.now += 5 * MINUTE  # over, but it is being answered
    await bao.sign_in(BAO)
    resumed = [
        await bao.get("/authorize/resume", i=page.partition("i=")[2]) for page in reversed(pages)
    ]
    first, *others = map(answered, resumed)
    assert "code" in first
    assert [other["error"] for other in others] == ["invalid_request_uri"] * 2
    assert_page(await go(bao, uri), "invalid_request_uri")


async def test_it_is_completed_once(world: World, ada: Browser) -> None:
    uri = await pushed(world)
    assert "code" in answered(await go(ada, uri))
    assert_page(await go(ada, uri), "invalid_request_uri")
    assert why(world) == "the pushed request was completed before"


async def test_of_thirty_at_once_one_completes_it(tmp_path: Path, redis_url: str) -> None:
    """In Redis: there each step waits, so that all thirty are under way at the same time.

    For who asks first must not be done before the others are connected.
    """
    async with open_world(tmp_path, redis_url=redis_url) as world:
        ada = browser(world)
        await ada.sign_in()
        uri = await pushed(world)
        await asyncio.gather(*(go(ada, f"{uri}x") for _ in range(30)))
        answers = await asyncio.gather(*(go(ada, uri) for _ in range(30)))
    codes = [it for it in answers if "code=" in it.headers.get("location", "")]
    assert len(codes) == 1
    for other in (it for it in answers if it is not codes[0]):
        assert "invalid_request_uri" in other.headers.get("location", other.text)


async def test_who_refuses_has_not_completed_it(world: World, ada: Browser) -> None:
    uri = await pushed(world, prompt="none", max_age="0")
    world.now += SECOND
    for _ in range(2):
        assert answered(await go(ada, uri))["error"] == "login_required"


async def test_what_was_registered_meanwhile_holds(world: World, ada: Browser) -> None:
    uri = await pushed(world)
    await change(world, "shop", redirect_uris=("https://shop.example/new",))
    assert_page(await go(ada, uri), "invalid_request")


async def test_who_must_push_is_refused_without(world: World, ada: Browser) -> None:
    await change(world, "shop", require_pushed_authorization_requests=True)
    said = answered(await ada.authorize(scope="openid"))
    assert (said["error"], said["error_description"], said["state"]) == (
        "invalid_request",
        "The request must be pushed first.",
        "s",
    )
    assert_page(await ada.authorize(redirect_uri="https://evil.example"), "invalid_request")
    posted = await ada.http.post("/authorize", data=query())
    assert answered(posted)["error"] == "invalid_request"
    assert "code" in answered(await go(ada, await pushed(world)))


async def test_who_must_push_may_not_come_with_a_signed_request(world: World, ada: Browser) -> None:
    query = {**OUTSIDE, "client_id": "court"}
    signed = request_object(iss="court", client_id="court")
    assert answered(await ada.get("/authorize", **query, request=signed))["error"] == (
        "invalid_request"
    )


async def push_signed(world: World, request: str, **more: Any) -> Response:
    form = {"client_id": "tax", "request": request, "client_assertion": statement(), **PROOF}
    return await world.rp.post("/par", data={**form, **more})


@pytest.mark.protocol(99, 100)
async def test_a_signed_request_is_pushed(world: World, ada: Browser) -> None:
    answer = await push_signed(world, request_object(state="inside"), state="outside")
    said = answered(await go(ada, answer.json()["request_uri"], "tax"))
    assert (said["state"], "code" in said) == ("inside", True)


@pytest.mark.protocol(99, 100)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://evil.example"}, "invalid_request"),
        ({"redirect_uri": ABSENT}, "invalid_request"),
        ({"response_type": ABSENT}, "invalid_request"),
        ({"client_id": "shop"}, "invalid_request_object"),
        ({"iss": "shop"}, "invalid_request_object"),
        ({"exp": 1}, "invalid_request_object"),
        ({"request_uri": "https://x"}, "invalid_request_object"),
    ],
    ids=str,
)
async def test_of_a_signed_request_what_is_outside_helps_nothing(
    world: World, changes: dict[str, Any], error: str
) -> None:
    answer = await push_signed(world, request_object(**changes), **OUTSIDE)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_who_must_sign_signs_what_is_pushed(world: World, ada: Browser) -> None:
    await change(world, "tax", require_signed_request_object=True)
    form = {**query(client_id="tax"), "client_assertion": statement(), **PROOF}
    plain = await world.rp.post("/par", data=form)
    assert (plain.status_code, plain.json()["error"]) == (400, "invalid_request")
    signed = request_object()
    form = {"client_id": "tax", "request": signed, "client_assertion": statement(jti="2"), **PROOF}
    answer = await world.rp.post("/par", data=form)
    assert "code" in answered(await go(ada, answer.json()["request_uri"], "tax"))
