"""OpenID Connect RP-Initiated Logout 1.0."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from oidc.endpoints.cookies import BROWSER, FLOW
from oidc.logout import SignOuts
from store.micros import MINUTE
from tests.oidc.front import BAO, Browser, answered, browser, change, exchange, userinfo, why
from tests.world import World

pytestmark = pytest.mark.anyio
BYE = "https://shop.example/bye"


@pytest.fixture
async def ada(world: World, ada: Browser) -> Browser:
    await change(world, "shop", post_logout_redirect_uris=(BYE, BYE + "?x=1"))
    return ada


async def is_out(ada: Browser) -> bool:
    return (
        answered(await ada.authorize(scope="openid", prompt="none")).get("error")
        == "login_required"
    )


@pytest.mark.protocol(91, 92, 95, 96)
@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ({"state": "s +ộ"}, BYE + "?state=s%20%2B%E1%BB%99"),
        ({}, BYE),
        ({"client_id": "shop", "ui_locales": "vi", "logout_hint": "x"}, BYE),
        ({"post_logout_redirect_uri": BYE + "?x=1", "state": "s"}, BYE + "?x=1&state=s"),
        ({"post_logout_redirect_uri": None}, "/signed-out"),
    ],
    ids=str,
)
async def test_who_shows_the_sessions_own_token_signs_out_and_goes_back(
    ada: Browser, sent: dict[str, Any], back: str
) -> None:
    tokens = await ada.tokens()
    ada.world.now += 100 * MINUTE
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": BYE, **sent}
    known = {name: value for name, value in query.items() if value is not None}
    answer = await ada.get("/end-session", **known)
    there, _, name = answer.headers["location"].partition("?i=")
    assert (answer.status_code, there) == (303, back)
    assert bool(name) == (back == "/signed-out")
    assert BROWSER not in ada.http.cookies
    assert await is_out(ada)


@pytest.mark.protocol(92)
@pytest.mark.parametrize("client_id", ["shop", "old"])
async def test_a_hint_signed_by_a_key_that_has_retired_is_good(
    ada: Browser, client_id: str
) -> None:
    """ES256, and RS256 for the client whose ID tokens are signed so."""
    world = ada.world
    await change(world, client_id, post_logout_redirect_uris=(BYE,))
    code = await ada.code(client_id=client_id)
    hint = (await exchange(world, code, client_id=client_id)).json()["id_token"]
    world.sql.execute("UPDATE signing_key SET state = 'retired' WHERE state = 'active'")
    world.now += 100 * MINUTE
    kid = json.loads(base64.urlsafe_b64decode(hint.partition(".")[0] + "=="))["kid"]
    assert kid not in (await world.rp.get("/jwks")).text

    answer = await ada.get("/end-session", id_token_hint=hint, post_logout_redirect_uri=BYE)

    assert answer.headers["location"] == BYE
    assert BROWSER not in ada.http.cookies


@pytest.mark.protocol(91)
@pytest.mark.parametrize("hint", ["", "nobody@example.org", "\u1ed9" * 1000, "shop"])
async def test_who_may_be_meant_is_a_hint_and_signs_nobody_out_unasked(
    ada: Browser, hint: str
) -> None:
    asked = {"client_id": "shop", "logout_hint": hint, "ui_locales": "xx", "unknown": "x"}
    answer = await ada.get("/end-session", **asked)

    assert answer.headers["location"].startswith("/sign-out?i=")
    assert not await is_out(ada)


@pytest.mark.protocol(95)
@pytest.mark.parametrize("state", ["a b+c%20&=#", "\u1ed9'\"\\<>", "s" * 4096])
async def test_the_state_comes_back_to_the_letter_and_nothing_beside_it(
    ada: Browser, state: str
) -> None:
    hint = (await ada.tokens())["id_token"]
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": state}
    answer = await ada.get("/end-session", **asked)

    back = urlsplit(answer.headers["location"])
    assert parse_qs(back.query, keep_blank_values=True) == {"state": [state]}
    assert back._replace(query="").geturl() == BYE


@pytest.mark.protocol(96)
async def test_signing_out_ends_the_grants_of_every_client(ada: Browser) -> None:
    old = ada.http.cookies.get(BROWSER)
    tokens = await ada.tokens()
    code = await ada.code()
    await ada.get("/end-session", id_token_hint=tokens["id_token"])
    assert (await userinfo(ada.world, tokens["access_token"])).status_code == 401
    ada.http.cookies.set(BROWSER, str(old), domain="id.example", path="/")
    assert await is_out(ada)
    assert code


@pytest.mark.protocol(92, 93, 94)
@pytest.mark.parametrize("hint", ["none", "unsigned", "foreign", "access", "nonsense", "client"])
async def test_without_a_good_hint_the_person_is_asked_and_nobody_is_sent_back(
    ada: Browser, hint: str
) -> None:
    tokens = await ada.tokens()
    head, body, _ = tokens["id_token"].split(".")
    sent = {
        "none": {},
        "unsigned": {"id_token_hint": f"eyJhbGciOiJub25lIn0.{body}."},
        "foreign": {"id_token_hint": f"{head}.{body}.{'A' * 86}"},
        "access": {"id_token_hint": tokens["access_token"]},
        "nonsense": {"id_token_hint": "x"},
        "client": {"client_id": "shop"},
    }[hint]
    answer = await ada.get("/end-session", **sent, post_logout_redirect_uri=BYE, state="s")
    assert answer.status_code == 303
    page = answer.headers["location"]
    assert page.startswith("/sign-out?i=")
    assert not await is_out(ada)
    waiting = SignOuts(ada.world.ports.one_time)
    name = page.partition("i=")[2]
    asked = await waiting.load(name, ada.http.cookies.get(FLOW))
    assert asked is not None
    assert asked.after() is None
    assert await waiting.load(name, "another browser's") is None
    assert await waiting.load(name, None) is None


@pytest.mark.protocol(92)
async def test_a_hint_of_another_session_asks_first_and_then_goes_back(ada: Browser) -> None:
    bob = browser(ada.world)
    await bob.sign_in(BAO)
    token = (await ada.tokens())["id_token"]
    answer = await bob.get("/end-session", id_token_hint=token, post_logout_redirect_uri=BYE)
    page = answer.headers["location"]
    assert page.startswith("/sign-out?i=")
    assert not await is_out(bob)
    waiting = SignOuts(ada.world.ports.one_time)
    asked = await waiting.load(page.partition("i=")[2], bob.http.cookies.get(FLOW))
    assert asked is not None
    assert (asked.client_id, asked.after()) == ("shop", BYE)


@pytest.mark.protocol(92)
@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"post_logout_redirect_uri": "https://evil.example"}, "is not registered"),
        ({"post_logout_redirect_uri": BYE + "/"}, "is not registered"),
        ({"client_id": "bank"}, "client_id is not the one of id_token_hint"),
        ({"state": "s" * 4097}, "state is too long"),
        ({"odd": "\0"}, "no text"),
    ],
    ids=str,
)
async def test_what_a_known_client_gets_wrong_is_a_page(
    ada: Browser, sent: dict[str, str], detail: str
) -> None:
    hint = (await ada.tokens())["id_token"]
    answer = await ada.get("/end-session", id_token_hint=hint, **sent)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert 'data-error="invalid_request"' in answer.text
    assert detail in why(ada.world)
    assert not await is_out(ada)


@pytest.mark.protocol(91)
async def test_a_posted_request_goes_on_as_a_get(ada: Browser) -> None:
    form = {"id_token_hint": (await ada.tokens())["id_token"], "post_logout_redirect_uri": BYE}
    posted = await ada.world.rp.post("/end-session", data=form)
    address = posted.headers["location"]
    assert address.startswith("/end-session/resume?i=")
    assert (await ada.http.get(address)).headers["location"] == BYE
    assert await is_out(ada)
    again = await ada.http.get(address)
    assert (again.status_code, why(ada.world)) == (400, "no such sign-out")


@pytest.mark.protocol(94)
async def test_who_is_not_signed_in_is_signed_out(ada: Browser) -> None:
    hint = (await ada.tokens())["id_token"]
    nobody = browser(ada.world)
    assert (await nobody.get("/end-session")).headers["location"] == "/signed-out"
    back = await nobody.get("/end-session", id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert back.headers["location"] == BYE
    ada.world.sql.execute("UPDATE session SET ended_at = 1")
    late = await ada.get("/end-session", id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert late.headers["location"] == BYE


async def test_a_client_that_is_disabled_sends_nobody_anywhere(ada: Browser) -> None:
    hint = (await ada.tokens())["id_token"]
    ada.world.sql.execute("UPDATE client SET disabled_at = 1")
    ada.world.now += MINUTE
    answer = await ada.get("/end-session", id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert answer.headers["location"].startswith("/sign-out?i=")
