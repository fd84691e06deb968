"""A request and the signed request in it, made one.

OpenID Connect Core section 6.1: what is inside wins. RFC 9101 sections 4, 5 and 6.3: for a client
that must sign its requests nothing outside counts.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from clients.model import Client
from oidc.authorize.request_object import is_strict
from oidc.errors import InvalidRequestObject
from oidc.params import NO_TEXT, Params

TEXTS = frozenset(
    {
        "client_id", "response_type", "redirect_uri", "scope", "state", "nonce", "response_mode",
        "prompt", "code_challenge", "code_challenge_method", "acr_values", "id_token_hint",
        "login_hint", "ui_locales", "claims_locales", "display",
    }
)  # fmt: skip
OBJECTS = frozenset({"claims", "registration"})
NUMBERS = frozenset({"max_age"})
OUTSIDE = frozenset({"request", "request_uri"})
SAME = ("client_id", "response_type")


def merged(outer: Params, said: Mapping[str, Any], client: Client) -> Params:
    """The request that counts. Raises ``InvalidRequestObject``."""
    inner = inside(said)
    outside = {name: value for name, value in outer.values.items() if name not in OUTSIDE}
    if is_strict(client):
        outside = {"client_id": client.client_id}
    for name in SAME:
        if name in inner and outside.get(name, inner[name]) != inner[name]:
            raise InvalidRequestObject(f"request object: {name} is another one than outside")
    return Params({**outside, **inner})


def inside(said: Mapping[str, Any]) -> dict[str, str]:
    """Its parameters, each as it would stand in a query; what is not known is ignored."""
    found = {name: text(name, value) for name, value in said.items() if name in KNOWN}
    return {name: value for name, value in found.items() if value}


KNOWN = TEXTS | OBJECTS | NUMBERS


def text(name: str, value: object) -> str:
    if isinstance(value, str):
        if NO_TEXT in value or not is_text(value):
            raise InvalidRequestObject(f"request object: {name} is no text")
        return value
    if name in OBJECTS and isinstance(value, dict):
        return as_json(value)
    if name in NUMBERS and type(value) is int:
        return str(value)
    raise InvalidRequestObject(f"request object: {name} is of the wrong kind")


def is_text(value: str) -> bool:
    """JSON may hold half a character."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def as_json(value: dict[str, Any]) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError as error:
        raise InvalidRequestObject("request object: a member cannot be written") from error
