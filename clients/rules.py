"""A registration as a whole: everything that is wrong with it, in sentences.

RFC 7591 section 2; RFC 8252 section 8.4; RFC 9700 sections 2.1, 2.5 and 4.15; FAPI 2.0 Security
Profile section 5.3.2.1. Each rule looks at a whole client and says nothing or what is wrong.
"""

import re
from collections.abc import Callable, Iterator

from clients import redirect_uris
from clients.model import Agency, Client
from keys.foreign import BadKey

Rule = Callable[[Client], Iterator[str]]

SECRETS = frozenset({"client_secret_basic", "client_secret_post"})  # methods that need a secret
# Shorter than any subject and of other letters, so that no client can pose as a person.
ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SCOPE = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*")  # RFC 6749 section 3.3
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RESOURCE = re.compile(r"https?://[!-\"$-~]+")  # RFC 8707 section 2: absolute, no fragment
_LONGEST_NAME = 200
_PERSONS = "authorization_code"


def faults(client: Client, *, demonstration: bool) -> tuple[str, ...]:
    """Empty: it may be registered."""
    found = [fault for rule in _RULES for fault in rule(client)]
    return (*found, *_addresses(client, demonstration=demonstration))


def agency_faults(agency: Agency) -> tuple[str, ...]:
    return tuple(_agency(agency))


def _agency(agency: Agency) -> Iterator[str]:
    if not ID.fullmatch(agency.agency_id):
        yield _id_fault("agency_id")
    if not _DOMAIN.fullmatch(agency.domain):
        yield "domain is a host name in small letters."
    if not agency.names:
        yield "names has a name in one language at least."
    yield from _names("names", agency.names)


def _id_fault(name: str) -> str:
    return f"{name} is at most 40 small letters, digits, dots and hyphens."


def _names(field: str, names: dict[str, str]) -> Iterator[str]:
    for language, name in names.items():
        if not _LANGUAGE.fullmatch(language):
            yield f"{field} is keyed by languages such as vi and en."
        if not _is_name(name):
            yield f"{field} has a name that is empty, too long or not printable."


def _is_name(name: str) -> bool:
    return name.strip() == name != "" and len(name) <= _LONGEST_NAME and name.isprintable()


def _identity(client: Client) -> Iterator[str]:
    if not ID.fullmatch(client.client_id):
        yield _id_fault("client_id")
    if not _is_name(client.client_name):
        yield "client_name is empty, too long or not printable."
    if client.purpose_id is not None and not ID.fullmatch(client.purpose_id):
        yield _id_fault("purpose_id")
    yield from _names("client_names", client.client_names)


def _authentication(client: Client) -> Iterator[str]:
    method = client.token_endpoint_auth_method
    if method in SECRETS and not _DIGEST.fullmatch(client.client_secret_digest):
        yield "client_secret_digest is the SHA-256 of the secret, 64 hexadecimal digits."
    if method not in SECRETS and client.client_secret_digest:
        yield f"client_secret_digest has no place with {method}."
    if method == "none" and "client_credentials" in client.grant_types:
        yield "a public client cannot use client_credentials."


def _keys(client: Client) -> Iterator[str]:
    if client.token_endpoint_auth_method != "private_key_jwt":
        if client.jwks:
            yield "jwks has a place with private_key_jwt only."
        return
    alg = client.token_endpoint_auth_signing_alg
    try:
        if alg not in {key.alg for key in client.keys}:
            yield f"jwks has no key for {alg}."
    except BadKey as error:
        yield f"jwks: {error}"


def _requests(client: Client) -> Iterator[str]:
    if not client.grant_types:
        yield "grant_types names one grant at least."
    if not _SCOPE.fullmatch(client.scope):
        yield "scope is a list of words, separated by single spaces."
    if _PERSONS in client.grant_types and "openid" not in client.scope.split(" "):
        yield "scope includes openid."
    if client.default_max_age is not None and client.default_max_age < 0:
        yield "default_max_age is not negative."
    if client.resource is not None and not _RESOURCE.fullmatch(client.resource):
        yield "resource is an absolute address without a fragment."


def _fapi2(client: Client) -> Iterator[str]:
    """What the profile means today; pushed requests and bound tokens are not there yet.

    Its statements name the issuer alone (``oidc/client_auth/private_key_jwt.py``), and what is
    weaker than the profile cannot be registered beside it.
    """
    if client.profile != "fapi2":
        return
    if client.token_endpoint_auth_method != "private_key_jwt":
        yield "the profile fapi2 needs private_key_jwt."
    if client.id_token_signed_response_alg == "RS256":
        yield "the profile fapi2 does not allow RS256."
    if not client.require_pkce:
        yield "the profile fapi2 needs require_pkce."


def _addresses(client: Client, *, demonstration: bool) -> Iterator[str]:
    if _PERSONS in client.grant_types and not client.redirect_uris:
        yield "redirect_uris has one address at least."
    for field in ("redirect_uris", "post_logout_redirect_uris"):
        for number, uri in enumerate(getattr(client, field), 1):
            fault = redirect_uris.fault(uri, client, demonstration=demonstration)
            if fault is not None:
                yield f"{field}, number {number}: it {fault}."


_RULES: tuple[Rule, ...] = (_identity, _authentication, _keys, _requests, _fapi2)
