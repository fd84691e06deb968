"""What the provider says when a session has ended there.

OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6: what is checked of a logout token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE = "logout+jwt"
ALGORITHMS = ["ES256", "RS256"]


class NoLogoutToken(Exception):
    """It is none, or none for us: nobody is signed out by it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Who, and which of their sessions; if none is named, all."""

    sub: str | None
    sid: str | None


def read(token: str, jwks: Mapping[str, Any], *, issuer: str, client_id: str, now: int) -> Ended:
    """Whose session has ended. ``now`` in seconds. Raises ``NoLogoutToken``."""
    try:
        keys = KeySet.import_key_set({"keys": list(jwks["keys"])})
        found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            now=now,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            iat={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        ).validate(found.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NoLogoutToken from error
    return _ended(found)


def _ended(found: jwt.Token) -> Ended:
    """Its type and its event keep an ID token from being taken for it."""
    said, events = found.claims, found.claims.get("events")
    is_one = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
    if found.header.get("typ") != TYPE or not is_one or "nonce" in said:
        raise NoLogoutToken
    if not (said.get("sub") or said.get("sid")):
        raise NoLogoutToken
    return Ended(said.get("sub"), said.get("sid"))
