"""The static clients of the suite's plans, and the purpose under which they ask for everything.

Two of each kind where a plan needs two: a code of one must be nothing to the other. A module that
is called at an address it does not wait for fails, so only the clients of the plans for it are told
of sign-outs. None uses PKCE: the plans of OpenID Connect Core send none.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from consent.catalogue import ATTRIBUTES, SCOPES
from examples.conformance.addresses import at_suite
from keys.secrets import digest

TEMPLATE = Path(__file__).parent / "clients.toml"
BASIC, POST, KEY = "client_secret_basic", "client_secret_post", "private_key_jwt"
CLIENTS: Mapping[str, str] = {
    "suite-1": BASIC,
    "suite-2": BASIC,
    "suite-post": POST,
    "suite-key-1": KEY,
    "suite-key-2": KEY,
    "suite-called": BASIC,
    "suite-framed": BASIC,
}
"""How each proves itself. All have keys, too, with which they may sign requests."""

TOLD = {"suite-called": "backchannel", "suite-framed": "frontchannel"}
WHY = {"vi": "Để kiểm thử.", "en": "For the test.", "ar": "من أجل الاختبار."}
Keys = Mapping[str, Mapping[str, Any]]


def text(secrets: Mapping[str, str], keys: Keys) -> str:
    """A registration file for ``motcua clients apply``. ``keys``: their private ones."""
    made = [TEMPLATE.read_text("utf-8"), *_cells()]
    made += [table("[client]", _client(name, secrets, keys[name])) for name in CLIENTS]
    return "\n".join(made)


def _client(client_id: str, secrets: Mapping[str, str], key: Mapping[str, Any]) -> dict[str, Any]:
    callback, method = at_suite("callback"), CLIENTS[client_id]
    proof = {} if method == KEY else {"client_secret_digest": digest(secrets[client_id])}
    return {
        "client_id": client_id,
        "client_name": "Conformance suite",
        "agency_id": "conformance",
        "purpose_id": "conformance",
        "redirect_uris": [callback, f"{callback}?dummy1=lorem&dummy2=ipsum"],
        "post_logout_redirect_uris": [at_suite("post_logout_redirect")],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": method,
        "jwks": [ECKey.import_key(dict(key)).as_dict(private=False)],
        "id_token_signed_response_alg": "RS256",
        "require_pkce": False,
        "scope": "openid profile email address phone offline_access",
        **proof,
        **_told(client_id),
    }


def _told(client_id: str) -> dict[str, Any]:
    how = TOLD.get(client_id)
    if how is None:
        return {}
    return {f"{how}_logout_uri": at_suite(f"{how}_logout"), f"{how}_logout_session_required": True}


def _cells() -> Iterator[str]:
    """Whatever a scope implies; required, so that one press of the button shares all."""
    standard = frozenset().union(*SCOPES.values())
    for attribute in ATTRIBUTES.values():
        if standard.isdisjoint(attribute.claims):
            continue
        basis = "request" if "request" in attribute.bases else min(attribute.bases)
        cell = {"attr_id": attribute.attr_id, "necessity": "required", "basis": basis, "why": WHY}
        yield table("[purpose.cells]", cell)


def table(head: str, values: Mapping[str, Any]) -> str:
    """TOML on one line for each value; strings, numbers and truth look as they do in JSON."""
    lines = (f"{name} = {_value(value)}" for name, value in values.items())
    return "\n".join([f"\n[{head}]", *lines])


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{name} = {_value(it)}" for name, it in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
