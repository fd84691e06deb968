"""Whatever a client signs, it is a request or refused: no fault, and nobody is led elsewhere."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jws import JWSRegistry

from oidc.authorize.merge import KNOWN
from oidc.client_auth.assertion import TYPE
from tests.keys.samples import signed as as_signed
from tests.oidc.objects import OUTSIDE, claims
from tests.oidc.test_any_bytes import FORM, call
from tests.oidc.test_private_key_jwt import statement
from tests.oidc.values import CALLBACK, ISSUER
from tests.sample import TAX_KEY
from tests.world import World, open_world

NAMES = st.sampled_from(
    sorted({*KNOWN, "iss", "aud", "sub", "exp", "nbf", "iat", "jti", "request", "request_uri"})
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ODD = st.sampled_from(
    ["\ud800", "\0", "none login", ISSUER, "tax", "shop", "code", "token", "form_post", "openid",
     "https://evil.example", CALLBACK + "x", "a.b.c", '{"userinfo":{"name":1}}', 1 << 70, 1e308,
     {"userinfo": {"sub": {"values": [1]}}}, {"id_token": {"acr": {"essential": True}}}]
)  # fmt: skip
ANYTHING = ODD | st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
SAID = st.dictionaries(NAMES, ANYTHING, max_size=4)
LEFT_OUT = st.frozensets(NAMES, max_size=3)
HEADS = st.dictionaries(
    st.sampled_from(["typ", "kid", "alg", "crit", "jwk", "jku", "x5u", "cty", "b64", "zip"]),
    SCALARS | st.sampled_from(["JWT", "oauth-authz-req+jwt", "at+jwt", "none", "RS256", ["exp"]]),
    max_size=1,
)
ALGORITHM = JWSRegistry(algorithms=["ES256"]).get_alg("ES256")
ES256 = {"alg": "ES256", "kid": TAX_KEY.kid}
PAYLOADS = st.binary(max_size=60) | st.tuples(SAID, LEFT_OUT).map(
    lambda it: json.dumps(
        {name: value for name, value in {**claims(), **it[0]}.items() if name not in it[1]}
    ).encode()
)
OUTER = st.dictionaries(
    st.sampled_from(["redirect_uri", "state", "response_type", "response_mode", "request_uri"]),
    st.sampled_from(["", CALLBACK, "https://evil.example", "form_post", "code", "urn:x"]),
    max_size=2,
)


def sign(message: bytes) -> bytes:
    return ALGORITHM.sign(message, TAX_KEY)


def offered(head: dict[str, Any], payload: bytes) -> str:
    return as_signed(json.dumps({**ES256, **head}).encode(), payload, sign)


@pytest.mark.protocol(28, 98, 99, 100)
def test_whatever_is_signed_is_a_request_or_refused(shared: "Room") -> None:
    @settings(max_examples=250, deadline=None, database=None)
    @given(HEADS, PAYLOADS, OUTER)
    def whatever_is_signed(head: dict[str, Any], payload: bytes, outer: dict[str, str]) -> None:
        query = urlencode({**OUTSIDE, **outer, "request": offered(head, payload)})
        answer = shared.call("GET", "/authorize", query.encode(), b"")
        assert answer["status"] in {200, 303, 400}, answer
        where = dict(answer["headers"]).get(b"location", b"/").decode()
        assert where.startswith(("/sign-in?", f"{CALLBACK}?", f"{CALLBACK}#")) or where == "/"

    whatever_is_signed()


@pytest.mark.protocol(102)
def test_whatever_is_signed_and_pushed_is_kept_or_refused(shared: "Room") -> None:
    @settings(max_examples=100, deadline=None, database=None)
    @given(HEADS, PAYLOADS)
    def whatever_is_pushed(head: dict[str, Any], payload: bytes) -> None:
        shared.pushed += 1
        proof = {
            "client_assertion_type": TYPE,
            "client_assertion": statement(jti=str(shared.pushed)),
        }
        body = urlencode({**OUTSIDE, **proof, "request": offered(head, payload)})
        answer = shared.call("POST", "/par", b"", body.encode())
        assert answer["status"] in {201, 400}, answer
        assert b"location" not in dict(answer["headers"])

    whatever_is_pushed()


class Room:
    """One world for all examples, in a loop of its own."""

    def __init__(self, runner: asyncio.Runner, world: World) -> None:
        self._runner, self._world = runner, world
        self.pushed = 0

    def call(self, method: str, path: str, query: bytes, body: bytes) -> dict[str, Any]:
        headers = [(b"content-type", FORM)]
        return self._runner.run(call(self._world, method, path, query, headers, body))


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Room]:
    with asyncio.Runner() as runner:
        opened = open_world(tmp_path)
        world = runner.run(opened.__aenter__())
        try:
            yield Room(runner, world)
        finally:
            runner.run(opened.__aexit__(None, None, None))
