"""OpenID Connect Discovery, RFC 8414 and RFC 7517: what the provider says of itself."""

import base64
import re
from typing import get_args

import pytest

from clients.model import Client
from keys.algorithms import ALGORITHMS
from oidc.authorize.request_object import ALGORITHMS as REQUEST_OBJECTS
from oidc.client_auth import METHODS
from oidc.endpoints.endpoint import Endpoint
from oidc.endpoints.table import TABLE
from oidc.grant_types import GRANT_TYPES
from tests.oidc.values import ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio
OPENID = "/.well-known/openid-configuration"


@pytest.mark.protocol(1, 2)
async def test_the_issuer_names_itself_and_its_addresses(world: World) -> None:
    answer = await world.rp.get(OPENID)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    said = answer.json()
    assert said["issuer"] == ISSUER
    addresses = [value for name, value in said.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) == 8
    assert all(address.startswith("https://id.example/") for address in addresses)


@pytest.mark.protocol(3, 4, 5, 6, 7, 43, 87, 89)
async def test_what_is_said_is_what_is_done(world: World) -> None:
    said = (await world.rp.get(OPENID)).json()
    assert said["response_types_supported"] == ["code"]
    assert said["response_modes_supported"] == ["query", "form_post"]
    assert said["subject_types_supported"] == ["pairwise"]
    assert "none" not in said["id_token_signing_alg_values_supported"]
    assert set(ALGORITHMS) == set(said["id_token_signing_alg_values_supported"])
    personal = {"profile", "email", "phone", "address"}
    assert set(said["scopes_supported"]) == {"openid", "offline_access", *personal}
    assert {"sub", "name", "email_verified", "acr", "sid"} <= set(said["claims_supported"])
    assert said["grant_types_supported"] == list(GRANT_TYPES)
    assert said["token_endpoint_auth_methods_supported"] == list(METHODS)
    assert "ES256" in said["token_endpoint_auth_signing_alg_values_supported"]
    proven = [name for name in METHODS if name != "none"]
    assert said["introspection_endpoint_auth_methods_supported"] == proven
    algorithms = said["id_token_signing_alg_values_supported"]
    assert said["introspection_signing_alg_values_supported"] == algorithms
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert "RS256" in said["request_object_signing_alg_values_supported"]
    assert "none" not in said["request_object_signing_alg_values_supported"]
    assert not [name for name in said if name.startswith("request_object_encryption")]
    assert said["prompt_values_supported"] == ["none", "login", "consent", "select_account"]
    assert said["acr_values_supported"] == ["urn:nid:acr:1", "urn:nid:acr:2"]
    assert said["ui_locales_supported"] == ["vi", "en", "ar"]
    booleans = {name: value for name, value in said.items() if isinstance(value, bool)}
    assert booleans == {
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "require_pushed_authorization_requests": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
    }
    assert all(value for value in said.values() if isinstance(value, list))


def test_a_client_may_register_what_is_spoken_and_nothing_else() -> None:
    fields = Client.model_fields
    methods = get_args(fields["token_endpoint_auth_method"].annotation)
    (grant_types,) = get_args(fields["grant_types"].annotation)
    assert {*methods} == {*METHODS}
    assert {*get_args(grant_types)} == {*GRANT_TYPES}
    assert {*get_args(fields["id_token_signed_response_alg"].annotation)} == {*ALGORITHMS}
    assert {*REQUEST_OBJECTS} == {*ALGORITHMS}


@pytest.mark.protocol(9)
async def test_plain_oauth_finds_the_same(world: World) -> None:
    there = await world.rp.get("/.well-known/oauth-authorization-server")
    assert there.content == (await world.rp.get(OPENID)).content


@pytest.mark.protocol(8, 10)
async def test_the_key_set_has_public_halves_with_names(world: World) -> None:
    answer = await world.rp.get("/jwks")
    keys = answer.json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys) == 10
    algorithms = [key["alg"] for key in keys]
    names = ("ES256", "Ed25519", "EdDSA", "PS256", "RS256")
    assert algorithms == [alg for alg in names for _ in ("signs", "waits")]
    for key in keys:
        assert key["use"] == "sig"
        assert not {"d", "p", "q", "dp", "dq", "qi", "oth", "k"} & key.keys()
        for member in {"x", "y", "n", "e"} & key.keys():
            assert re.fullmatch("[A-Za-z0-9_-]+", key[member])
            assert base64.urlsafe_b64decode(key[member] + "==")
    assert "max-age=900" in answer.headers["cache-control"]
    assert "stale-if-error" in answer.headers["cache-control"]


@pytest.mark.protocol(10, 119)
@pytest.mark.parametrize("path", ["/jwks", OPENID])
async def test_who_has_it_already_is_told_so(world: World, path: str) -> None:
    etag = (await world.rp.get(path)).headers["etag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        again = await world.rp.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await world.rp.get(path, headers={"If-None-Match": '"x"'})).status_code == 200
    head = await world.rp.head(path)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.protocol(119)
@pytest.mark.parametrize("endpoint", TABLE, ids=lambda endpoint: endpoint.path)
async def test_other_origins_may_call_what_needs_no_cookie(
    world: World, endpoint: Endpoint
) -> None:
    path, shared = endpoint.path, endpoint.shared
    headers = {"Origin": "https://spa.example", "Access-Control-Request-Method": "POST"}
    preflight = await world.rp.options(path, headers=headers)
    assert preflight.status_code == 204
    assert preflight.headers["allow"].endswith("OPTIONS")
    plain = await world.rp.get(path, headers=headers)
    for answer in (preflight, plain):
        assert answer.headers.get("access-control-allow-origin") == ("*" if shared else None)
        assert "access-control-allow-credentials" not in answer.headers
    assert ("access-control-allow-headers" in preflight.headers) == shared
    cookies_or_secrets = ("/authorize", "/end-session", "/introspect", "/register")
    assert shared == (not path.startswith(cookies_or_secrets))


@pytest.mark.protocol(119)
@pytest.mark.parametrize("endpoint", TABLE, ids=lambda endpoint: endpoint.path)
async def test_a_wrong_method_is_told_the_right_ones(world: World, endpoint: Endpoint) -> None:
    path, methods = endpoint.path, endpoint.methods
    answer = await world.rp.request("PATCH", path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == ", ".join((*methods, "OPTIONS"))
    assert world.watch.refused[-1].detail == "method not allowed"
