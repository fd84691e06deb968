"""RFC 9101; OpenID Connect Core section 6: requests that their client has signed."""

import json
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from oidc.tokens import ACCESS, ID
from store.micros import MINUTE, SECOND, seconds
from tests.keys.samples import rsa_key
from tests.oidc.front import Browser, answered, change, exchange, read_token, why
from tests.oidc.objects import ABSENT, OUTSIDE, TAX, request_object, signed
from tests.oidc.test_private_key_jwt import statement
from tests.oidc.values import ISSUER, NOON
from tests.sample import TAX_KEY
from tests.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(100)]
RSA, ED25519 = rsa_key(), OKPKey.generate_key("Ed25519", {"kid": "ed"})


async def ask(browser: Browser, request: str, /, **outside: str | None) -> Response:
    said = {**OUTSIDE, **outside, "request": request}
    query = {name: value for name, value in said.items() if value is not None}
    return await browser.get("/authorize", **query)


async def refusal(browser: Browser, request: str, /, **outside: str | None) -> tuple[str, str]:
    """What the client hears, and why."""
    return answered(await ask(browser, request, **outside))["error"], why(browser.world)


@pytest.mark.protocol(98, 99)
async def test_a_signed_request_is_a_request(world: World, ada: Browser) -> None:
    answer = await ask(ada, request_object(state="inside", nonce="n-1"), state="outside")
    said = answered(answer)
    assert said.keys() == {"code", "state", "iss"}
    assert said["state"] == "inside"
    proof = {"client_assertion": statement(), "client_assertion_type": PROOF, "client_id": "tax"}
    token = (await exchange(world, said["code"], **proof)).json()["id_token"]
    assert (await read_token(world, token)).claims["nonce"] == "n-1"


PROOF = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.mark.protocol(99)
async def test_what_is_missing_inside_is_taken_from_outside(ada: Browser) -> None:
    nothing: dict[str, Any] = dict.fromkeys(TAX, ABSENT)
    sparse = request_object(None, **nothing)
    assert answered(await ask(ada, sparse, **TAX))["state"] == TAX["state"]


@pytest.mark.protocol(99)
@pytest.mark.parametrize("changes", [{"require_signed_request_object": True}], ids=str)
async def test_of_who_must_sign_nothing_outside_counts(
    world: World, ada: Browser, changes: dict[str, Any]
) -> None:
    await change(world, "tax", **changes)
    said = answered(await ask(ada, request_object(state=ABSENT), state="outside", prompt="login"))
    assert said.keys() == {"code", "iss"}
    sparse = await ask(ada, request_object(redirect_uri=ABSENT))
    assert (sparse.status_code, "location" in sparse.headers) == (400, False)
    assert why(world) == "missing redirect_uri"


@pytest.mark.protocol(98, 99)
async def test_who_must_sign_is_refused_without(world: World, ada: Browser) -> None:
    await change(world, "tax", require_signed_request_object=True)
    said = answered(await ada.authorize(client_id="tax"))
    assert (said["error"], said["error_description"]) == (
        "invalid_request",
        "The request must be signed.",
    )


@pytest.mark.protocol(99)
@pytest.mark.parametrize("name", ["client_id", "response_type"])
async def test_two_parameters_are_the_same_inside_and_outside(ada: Browser, name: str) -> None:
    other: dict[str, Any] = {name: "else"}
    error, detail = await refusal(ada, request_object(**other))
    assert (error, detail) == (
        "invalid_request_object",
        f"request object: {name} is another one than outside",
    )


@pytest.mark.protocol(28, 99)
async def test_the_address_inside_is_the_one_that_is_proven(world: World, ada: Browser) -> None:
    answer = await ask(ada, request_object(redirect_uri="https://evil.example"))
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert why(world) == "redirect_uri is not registered"
    outside = await ask(ada, request_object(), redirect_uri="https://evil.example")
    assert "code" in answered(outside)


@pytest.mark.protocol(28)
@pytest.mark.parametrize("redirect_uri", [None, "https://evil.example"])
async def test_without_a_proven_address_a_bad_object_is_a_page(
    ada: Browser, redirect_uri: str | None
) -> None:
    for bad in ("x", request_object(exp=1), request_object(key=ANOTHER)):
        answer = await ask(ada, bad, redirect_uri=redirect_uri)
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert 'data-error="invalid_request_object"' in answer.text


KID = str(TAX_KEY.kid)
ANOTHER = ECKey.generate_key("P-256", {"kid": KID})
HMAC = OctKey.generate_key(256, {"kid": KID})


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"iss": "shop"}, "iss or sub"),
        ({"iss": ABSENT}, "iss or sub"),
        ({"sub": "tax"}, "iss or sub"),
        ({"aud": "https://else.example"}, "for somebody else"),
        ({"aud": [{}, 7]}, "for somebody else"),
        ({"aud": ABSENT}, "for somebody else"),
        ({"aud": {ISSUER: 1}}, "for somebody else"),
        ({"exp": seconds(NOON) - 10}, "has expired"),
        ({"exp": None}, "no time"),
        ({"exp": 1e30}, "not finite"),
        ({"nbf": seconds(NOON) + 11}, "of the future"),
        ({"iat": seconds(NOON) + 11}, "of the future"),
        ({"nbf": "now"}, "no time"),
        ({"request": "x"}, "another one is in it"),
        ({"request_uri": None}, "another one is in it"),
        ({"scope": ["openid"]}, "scope is of the wrong kind"),
        ({"state": 5}, "state is of the wrong kind"),
        ({"state": None}, "state is of the wrong kind"),
        ({"state": "\0"}, "state is no text"),
        ({"state": "\ud800"}, "state is no text"),
        ({"claims": []}, "claims is of the wrong kind"),
        ({"claims": {"userinfo": 1 << 70}}, "cannot be written"),
        ({"claims": {"\ud800": None}}, "cannot be written"),
        ({"max_age": True}, "max_age is of the wrong kind"),
        ({"max_age": 1.5}, "max_age is of the wrong kind"),
    ],
    ids=str,
)
async def test_an_object_that_is_off_is_refused(
    ada: Browser, changes: dict[str, Any], detail: str
) -> None:
    error, reason = await refusal(ada, request_object(**changes))
    assert error == "invalid_request_object"
    assert detail in reason


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["https://else.example", ISSUER]},
        {"exp": seconds(NOON) - 9},
        {"exp": ABSENT, "nbf": ABSENT},
        {"nbf": seconds(NOON) + 10},
        {"sub": "somebody"},
        {"odd": [{"deep": [1]}], "authorization_details": []},
        {"nonce": ""},
        {"max_age": 3600},
        {"max_age": "3600"},
        {"claims": {"userinfo": {"nickname": None}}, "claims_locales": "vi"},
        {"claims": '{"userinfo": {"nickname": null}}'},
    ],
    ids=str,
)
async def test_an_object_may_say_more_or_less(ada: Browser, changes: dict[str, Any]) -> None:
    assert "code" in answered(await ask(ada, request_object(**changes)))


@pytest.mark.protocol(27, 40, 49)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"max_age": -1}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"claims": {"userinfo": []}}, "invalid_request"),
        ({"registration": {"client_name": "x"}}, "registration_not_supported"),
    ],
    ids=str,
)
async def test_what_it_says_is_judged_as_any_request(
    ada: Browser, changes: dict[str, Any], error: str
) -> None:
    assert (await refusal(ada, request_object(**changes)))[0] == error


@pytest.mark.parametrize("typ", ["JWT", "jwt", "oauth-authz-req+jwt", "OAuth-Authz-Req+JWT"])
async def test_its_type_may_be_said(ada: Browser, typ: str) -> None:
    assert "code" in answered(await ask(ada, request_object({"typ": typ})))


@pytest.mark.parametrize(
    "typ",
    ["at+jwt", "logout+jwt", "client-authentication+jwt", "dpop+jwt", "secevent+jwt", "entity", 7],
)
async def test_another_type_is_another_thing(ada: Browser, typ: Any) -> None:
    """Signed by the client's own key, and all else as it should be."""
    head = {"alg": "ES256", "kid": TAX_KEY.kid, "typ": typ}
    if typ == 7:
        raw = urlsafe_b64encode(json.dumps(head).encode()).rstrip(b"=").decode()
        offered = ".".join([raw, *request_object().split(".")[1:]])
    else:
        offered = request_object({"typ": typ})
    assert await refusal(ada, offered) == (
        "invalid_request_object",
        "request object: not a statement of this type",
    )


async def test_a_token_of_another_kind_is_no_request(world: World, ada: Browser) -> None:
    """Ours for the person, ours for a resource, ours at sign-out, the client's own proof."""
    tokens = await ada.tokens()
    ring = await world.ports.keys.current(world.now)
    ours = {"iss": "tax", "aud": ISSUER, **TAX}
    for offered in (
        tokens["id_token"],
        tokens["access_token"],
        ring.sign({"iss": ISSUER, "aud": "tax"}, typ="logout+jwt"),
        ring.sign(ours, typ=ID),
        ring.sign(ours, typ=ACCESS),
        ring.sign(ours, typ="oauth-authz-req+jwt"),
        statement(),
        statement({"typ": "client-authentication+jwt"}),
    ):
        assert (await refusal(ada, offered))[0] == "invalid_request_object"


@pytest.mark.protocol(59, 68, 73)
async def test_a_request_is_no_token_of_another_kind(world: World, ada: Browser) -> None:
    offered = request_object(jti="1")
    proof = {"client_assertion": offered, "client_assertion_type": PROOF}
    answer = await world.rp.post("/token", data={"grant_type": "client_credentials", **proof})
    assert answer.json()["error"] == "invalid_client"
    bearer = {"Authorization": f"Bearer {offered}"}
    assert (await world.rp.get("/userinfo", headers=bearer)).status_code == 401
    hinted = answered(await ada.authorize(id_token_hint=offered))
    assert hinted["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("alg", "key"), [("ES256", TAX_KEY), ("RS256", RSA), ("PS256", RSA), ("Ed25519", ED25519)]
)
async def test_each_algorithm_of_ours_is_read(
    world: World, ada: Browser, alg: str, key: RSAKey | OKPKey
) -> None:
    jwks = tuple(each.as_dict(private=False) for each in (TAX_KEY, RSA, ED25519))
    await change(world, "tax", jwks=jwks)
    offered = request_object({"alg": alg}, key=key)
    assert "code" in answered(await ask(ada, offered))
    await change(world, "tax", request_object_signing_alg=alg)
    assert "code" in answered(await ask(ada, offered))
    if alg == "Ed25519":
        await change(world, "tax", request_object_signing_alg="EdDSA")
        assert "code" in answered(await ask(ada, offered))
    for other in {"ES256", "RS256", "PS256", "Ed25519"} - {alg}:
        await change(world, "tax", request_object_signing_alg=other)
        assert await refusal(ada, offered) == (
            "invalid_request_object",
            "request object: not the registered algorithm",
        )


@pytest.mark.protocol(98)
async def test_an_unsigned_object_is_not_supported(world: World, ada: Browser) -> None:
    head = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    body = request_object().split(".")[1]
    assert (await refusal(ada, f"{head}.{body}."))[0] == "invalid_request_object"
    assert (await refusal(ada, f"{head}.{body}.AAAA"))[0] == "request_not_supported"
    await change(world, "tax", request_object_signing_alg="ES256")
    assert (await refusal(ada, f"{head}.{body}.AAAA"))[0] == "invalid_request_object"


async def test_another_key_or_a_change_is_seen(ada: Browser) -> None:
    head, body, signature = request_object().split(".")
    other = request_object(scope="openid profile").split(".")[1]
    for offered in (
        request_object(key=ANOTHER),
        request_object({"kid": "unknown"}),
        request_object({"alg": "HS256"}, key=HMAC),
        f"{head}.{other}.{signature}",
        f"{head}.{body}.{signature}==",
        f"{head}.{body}.{'A' * 86}",
        f"{head}.{body}.{signature}.{signature}.{signature}",  # as one that is encrypted
        "." * 100,
    ):
        assert (await refusal(ada, offered))[0] == "invalid_request_object"


async def test_a_member_given_twice_is_seen(ada: Browser) -> None:
    twice = json.dumps({"iss": "tax", "aud": ISSUER, **TAX})[:-1] + ',"scope":"openid email"}'
    offered = signed({"alg": "ES256", "kid": TAX_KEY.kid}, twice.encode(), TAX_KEY)
    assert (await refusal(ada, offered))[0] == "invalid_request_object"


async def test_of_who_must_sign_the_life_is_said_and_short(world: World, ada: Browser) -> None:
    await change(world, "tax", require_signed_request_object=True)
    hour = 3600
    now = world.now // SECOND
    for changes, detail in (
        ({"exp": ABSENT}, "exp or nbf is missing"),
        ({"nbf": ABSENT}, "exp or nbf is missing"),
        ({"nbf": now, "exp": now + hour + 1}, "good for too long"),
        ({"nbf": now - hour - 11, "exp": now + 1}, "good for too long"),
    ):
        error, reason = await refusal(ada, request_object(**changes))
        assert error == "invalid_request_object"
        assert detail in reason
    assert "code" in answered(await ask(ada, request_object(nbf=now, exp=now + hour)))


@pytest.mark.protocol(119)
async def test_a_long_object_is_read_and_a_longer_one_is_not(ada: Browser) -> None:
    assert "code" in answered(await ask(ada, request_object(odd="x" * 11_000)))
    assert (await refusal(ada, request_object(odd="x" * 13_000)))[0] == "invalid_request_object"


@pytest.mark.protocol(26, 99)
async def test_a_signed_request_may_be_posted(world: World, ada: Browser) -> None:
    posted = await world.rp.post("/authorize", data={**OUTSIDE, "request": request_object()})
    assert "code" in answered(await ada.http.get(posted.headers["location"]))


async def test_a_page_waits_with_what_was_signed(world: World, ada: Browser) -> None:
    world.now += MINUTE
    page = await ask(ada, request_object(prompt="login", state="inside"), state="outside")
    await ada.sign_in()
    resumed = await ada.get("/authorize/resume", i=page.headers["location"].partition("i=")[2])
    assert answered(resumed)["state"] == "inside"


async def test_a_client_without_keys_can_sign_nothing(world: World, ada: Browser) -> None:
    answer = await ada.get(f"/authorize?{urlencode({**OUTSIDE, 'client_id': 'shop'})}")
    assert answered(answer)["error"] == "invalid_scope"
    offered = request_object(iss="shop", client_id="shop")
    assert (await refusal(ada, offered, client_id="shop"))[0] == "invalid_request_object"
    await change(world, "tax", jwks=({"kty": "oct", "k": "c2VjcmV0"},))
    assert (await refusal(ada, request_object()))[0] == "invalid_request_object"
