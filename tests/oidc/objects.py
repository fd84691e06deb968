"""Request objects, as the tax office signs them."""

import json
from typing import Any

from joserfc import jws

from store.micros import MINUTE, seconds
from tests.oidc.values import ISSUER, NOON, QUERY
from tests.sample import TAX_KEY

ABSENT = "absent"
TAX = {**QUERY, "client_id": "tax", "scope": "openid"}
OUTSIDE = {"client_id": "tax", "response_type": "code", "redirect_uri": TAX["redirect_uri"]}


def claims(**changes: Any) -> dict[str, Any]:
    """All that a request needs. What is ``ABSENT`` is left out."""
    times = {"nbf": seconds(NOON), "exp": seconds(NOON + 5 * MINUTE)}
    said = {"iss": "tax", "aud": ISSUER, **times, **TAX, **changes}
    return {name: value for name, value in said.items() if value != ABSENT}


def request_object(head: dict[str, Any] | None = None, key: Any = TAX_KEY, **changes: Any) -> str:
    header = {"alg": "ES256", "kid": key.kid, **(head or {})}
    return signed(header, json.dumps(claims(**changes)).encode(), key)


def signed(header: dict[str, Any], payload: bytes, key: Any) -> str:
    kept = {name: value for name, value in header.items() if value is not None}
    return jws.serialize_compact(kept, payload, key, algorithms=[kept["alg"]])
