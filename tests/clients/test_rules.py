"""What may be registered, and in which words the rest is refused.

RFC 9700 sections 2.1 and 4.15; OpenID Connect Registration section 2.
"""

from typing import Any

import pytest

from clients.model import Agency
from clients.rules import ID, agency_faults, faults
from keys.secrets import new_secret
from tests.clients.samples import DIGEST, MINISTRY, NATIVE, PORTAL, TAX, client
from tests.keys.samples import ec_key, public, rsa_key

KEYS = "https://tax.gov.example/jwks"
SEALED: dict[str, Any] = {
    "token_endpoint_auth_method": "client_secret_jwt",
    "token_endpoint_auth_signing_alg": "HS256",
    "client_secret_digest": "",
    "client_secret_sealed": "AAAA",
}
FAPI2 = {**TAX, "profile": "fapi2", "require_pushed_authorization_requests": True}
ENCRYPTED: dict[str, Any] = {
    "jwks": [public(ec_key(), use="enc")],
    "id_token_encrypted_response_alg": "ECDH-ES",
    "id_token_encrypted_response_enc": "A256GCM",
}
SERVICE: dict[str, Any] = {"grant_types": ["client_credentials"], "redirect_uris": ()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        TAX,
        FAPI2,
        {"jwks": [public(ec_key())]},
        {"jwks": [public(rsa_key())], "request_object_signing_alg": "RS256"},
        {"require_signed_request_object": True, "require_pushed_authorization_requests": True},
        {"request_uris": ["https://portal.gov.example/request.jwt#sha256"]},
        {**TAX, "token_endpoint_auth_signing_alg": "PS256", "jwks": [public(rsa_key())]},
        {**TAX, "jwks": (), "jwks_uri": KEYS},
        SEALED,
        {**TAX, "token_endpoint_auth_signing_alg": None},
        NATIVE,
        {**SERVICE, "scope": "read write"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"require_pkce": False},
        {"purpose_id": "income-tax-refund", "default_max_age": 0},
        {"resource": "https://api.gov.example", "scope": "openid profile"},
        {"id_token_signed_response_alg": "RS256"},
        ENCRYPTED,
        {**ENCRYPTED, "jwks": (), "jwks_uri": KEYS},
        {**ENCRYPTED, **{it.replace("id_token", "userinfo"): ENCRYPTED[it] for it in ENCRYPTED}},
        {"backchannel_logout_uri": "https://tax.gov.example:8443/out?from=id"},
        {
            "backchannel_logout_uri": "https://tax.gov.example/out",
            "backchannel_logout_session_required": True,
        },
        {**NATIVE, "backchannel_logout_uri": "https://tax.gov.example/out"},
        {"key_notices_uri": "https://tax.gov.example/keys"},
        {"key_set_name": "0123456789abcdef-_ABCD", "source_networks": ["10.0.0.0/8", "fd00::/32"]},
    ],
)
def test_sound_clients_have_no_faults(changes: dict[str, Any]) -> None:
    assert faults(client(**changes), demonstration=False) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client_id": ""}, "client_id is at most 40"),
        ({"key_set_name": "tax"}, "key_set_name is 22 to 64 letters"),
        ({"key_set_name": "0123456789abcdef.0123456789abcdef"}, "key_set_name is 22 to 64"),
        ({"key_set_name": "0" * 65}, "key_set_name is 22 to 64"),
        ({"source_networks": ["192.0.2.0/24"] * 21}, "source_networks has at most 20"),
        ({"source_networks": ["192.0.2.0/24", "0.0.0.0/7"]}, "number 2: it is wider than /8"),
        ({"source_networks": ["2000::/31"]}, "number 1: it is wider than /32"),
        ({"key_notices_uri": "http://tax.gov.example/keys"}, "notices_uri: it must begin"),
        ({"backchannel_logout_uri": "http://tax.gov.example/out"}, "logout_uri: it must begin"),
        ({"backchannel_logout_uri": "http://localhost/out"}, "logout_uri: it must begin"),
        ({"backchannel_logout_uri": "https://tax.gov.example/#out"}, "not have a fragment"),
        ({"backchannel_logout_uri": "https://user@tax.gov.example/"}, "logout_uri: it must begin"),
        (
            {**NATIVE, "backchannel_logout_uri": "vn.gov.example:/out"},
            "logout_uri: it must begin",
        ),
        ({"backchannel_logout_uri": "https://tax.gov.example/a b"}, "visible ASCII"),
        ({"backchannel_logout_session_required": True}, "needs backchannel_logout_uri"),
        ({"client_id": "Portal"}, "client_id is at most 40"),
        ({"client_id": "por tal"}, "client_id is at most 40"),
        ({"client_id": "portal\n"}, "client_id is at most 40"),
        ({"client_id": "-portal"}, "client_id is at most 40"),
        ({"client_id": "p" * 41}, "client_id is at most 40"),
        ({"client_id": "por\0tal"}, "client_id is at most 40"),
        ({"purpose_id": "a purpose"}, "purpose_id is at most 40"),
        ({"client_name": ""}, "client_name is empty"),
        ({"client_name": " Portal"}, "client_name is empty"),
        ({"client_name": "Por\u202etal"}, "client_name is empty"),
        ({"client_name": "Por\ntal"}, "client_name is empty"),
        ({"client_name": "p" * 201}, "client_name is empty"),
        ({"client_names": {"vi": ""}}, "client_names has a name"),
        ({"client_names": {"Vietnamese": "Cổng"}}, "keyed by languages"),
        ({"client_secret_digest": ""}, "64 hexadecimal digits"),
        ({"client_secret_digest": "a secret"}, "64 hexadecimal digits"),
        ({**TAX, "client_secret_digest": DIGEST}, "no place with private_key_jwt"),
        ({**NATIVE, "client_secret_digest": DIGEST}, "no place with none"),
        ({**NATIVE, **SERVICE}, "public client cannot use client_credentials"),
        ({**TAX, "jwks": ()}, "jwks has no key for ES256"),
        ({**TAX, "jwks": [public(rsa_key())]}, "jwks has no key for ES256"),
        ({**TAX, "token_endpoint_auth_signing_alg": "PS256"}, "jwks has no key for PS256"),
        ({**TAX, "jwks": [ec_key().as_dict(private=True)]}, "jwks: A key holds private members"),
        ({**TAX, "jwks_uri": KEYS}, "exclude each other"),
        ({**TAX, "jwks": (), "jwks_uri": "http://tax.gov.example/jwks"}, "jwks_uri: it must begin"),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, "made by `motcua clients add`"),
        (
            {"client_secret_sealed": "AAAA"},
            "client_secret_sealed has no place with client_secret_b",
        ),
        ({**SEALED, "token_endpoint_auth_signing_alg": "ES256"}, "ES256 has no place with"),
        ({**TAX, "token_endpoint_auth_signing_alg": "HS256"}, "HS256 has no place with private"),
        ({**TAX, "token_endpoint_auth_signing_alg": None, "jwks": ()}, "no key for signatures"),
        (
            {**TAX, "token_endpoint_auth_signing_alg": None, "jwks": [public(ec_key(), use="enc")]},
            "no key for signatures",
        ),
        ({**FAPI2, "token_endpoint_auth_signing_alg": "RS256"}, "not allow RS256"),
        ({"request_object_signing_alg": "RS256"}, "jwks has no key for RS256"),
        ({**TAX, "request_object_signing_alg": "PS256"}, "jwks has no key for PS256"),
        ({"request_uris": ["http://portal.gov.example/"]}, "request_uris, number 1: it must begin"),
        ({"request_uris": ["https://portal.gov.example/#a#b"]}, "it has one fragment at most"),
        ({"request_uris": ["https://a.example/" + "x" * 500]}, "it has at most 512 characters"),
        ({"request_uris": ["https://a.example/"] * 21}, "request_uris has at most 20 addresses"),
        ({"jwks": [{"kty": "EC"}]}, "jwks: A key cannot be read"),
        ({"id_token_encrypted_response_enc": "A128GCM"}, "id_token_encrypted_response_enc needs"),
        ({**ENCRYPTED, "id_token_encrypted_response_enc": None}, "A128CBC-HS256, is not offered"),
        ({**ENCRYPTED, "jwks": []}, "jwks has no key for ECDH-ES: one with use enc"),
        ({**ENCRYPTED, "jwks": [public(ec_key(), use="sig")]}, "no key for ECDH-ES"),
        ({**ENCRYPTED, "jwks": [{"kty": "EC"}]}, "jwks: A key cannot be read"),
        ({"userinfo_encrypted_response_alg": "ECDH-ES"}, "userinfo_encrypted_response_enc is"),
        ({"grant_types": []}, "names one grant"),
        (
            {"grant_types": ["refresh_token", "client_credentials"], "redirect_uris": ()},
            "refresh_token has a place beside authorization_code",
        ),
        ({"scope": "profile"}, "scope includes openid"),
        ({"protected_resource": "archive"}, "protected_resource is an absolute address"),
        (
            {**NATIVE, "protected_resource": "https://a.example"},
            "protected_resource has no place with a public client",
        ),
        ({"scope": "openid  profile"}, "scope is a list"),
        ({"scope": 'openid "'}, "scope is a list"),
        ({"scope": ""}, "scope is a list"),
        ({"default_max_age": -1}, "not negative"),
        ({"resource": "api"}, "resource is an absolute address"),
        ({"resource": "https://api.gov.example/#x"}, "resource is an absolute address"),
        ({"profile": "fapi2"}, "needs private_key_jwt"),
        ({**NATIVE, "profile": "fapi2"}, "needs private_key_jwt"),
        ({**FAPI2, "require_pkce": False}, "needs require_pkce"),
        ({**FAPI2, "id_token_signed_response_alg": "RS256"}, "RS256"),
        ({**FAPI2, "require_pushed_authorization_requests": False}, "needs require_pushed"),
        ({**FAPI2, "request_object_signing_alg": "RS256"}, "no request object signed with RS256"),
        ({**FAPI2, "userinfo_signed_response_alg": "RS256"}, "RS256"),
        ({"redirect_uris": []}, "redirect_uris has one address"),
        ({"redirect_uris": ["http://a.example"]}, "redirect_uris, number 1: it must begin with"),
        ({"post_logout_redirect_uris": ["https://a.example/#"]}, "post_logout_redirect_uris, nu"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, Any], said: str) -> None:
    found = faults(client(**changes), demonstration=False)
    assert [fault for fault in found if said in fault], found


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = faults(
        client(client_id="", client_name="", scope="", redirect_uris=()), demonstration=True
    )
    assert len(found) == 5


def test_the_demonstration_allows_loopback_and_nothing_else() -> None:
    local = client(redirect_uris=["http://localhost:8001/callback"])
    assert faults(local, demonstration=True) == ()
    assert len(faults(local, demonstration=False)) == 1
    told = client(backchannel_logout_uri="http://127.0.0.1:8001/out")
    assert faults(told, demonstration=True) == ()
    assert len(faults(told, demonstration=False)) == 1
    assert faults(client(client_secret_digest=""), demonstration=True) != ()


def test_no_client_can_have_the_name_of_a_person() -> None:
    """RFC 9700 section 4.15: not one name is of both kinds, so neither can pose as the other."""
    assert not any(ID.fullmatch(new_secret()) for _ in range(1000))
    assert ID.fullmatch("a" * 40)
    assert not ID.fullmatch("a" * 43)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agency_id": "Tax"}, "agency_id is at most 40"),
        ({"domain": "tax"}, "domain is a host name"),
        ({"domain": "https://tax.gov.example"}, "domain is a host name"),
        ({"domain": "tax.gov.example\n"}, "domain is a host name"),
        ({"domain": "Tax.gov.example"}, "domain is a host name"),
        ({"domain": "a." * 127 + "example"}, "domain is a host name"),
        ({"names": {}}, "a name in one language"),
        ({"names": {"vi": "\u200b"}}, "empty, too long or not printable"),
    ],
)
def test_an_agency_is_judged_too(changes: dict[str, Any], said: str) -> None:
    found = agency_faults(Agency.model_validate({**MINISTRY.model_dump(), **changes}))
    assert [fault for fault in found if said in fault], found


def test_sound_agencies_have_no_faults() -> None:
    assert agency_faults(MINISTRY) == ()
    assert PORTAL.agency_id == MINISTRY.agency_id
