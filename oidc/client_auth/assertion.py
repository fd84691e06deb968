"""A short statement of a client about itself: what it must say, whatever it is signed with.

RFC 7521 section 4.2; RFC 7523 section 3; OpenID Connect Core section 9; FAPI 2.0 Security Profile
section 5.3.2.1.
"""

from typing import Any

from clients.model import Client
from keys.secrets import digest
from keys.statement import named_algorithm
from oidc.client_auth.presented import Presented
from oidc.errors import InvalidClient
from oidc.ports import Config, Ports
from store.micros import MINUTE, SECOND, seconds

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH = "/token"
TYPES = (None, "jwt", "client-authentication+jwt")
LEEWAY = 10 * SECOND
LIVES = 5 * MINUTE


def shown(presented: Presented, *, with_secret: bool) -> bool:
    """Whether there is a statement that says it was made with a secret, or one that does not."""
    if presented.assertion is None:
        return False
    return named_algorithm(presented.assertion).startswith("HS") == with_secret


def assertion(presented: Presented) -> str:
    if presented.params.get("client_assertion_type") != TYPE:
        raise InvalidClient("client_assertion_type missing or wrong")
    return presented.params.need("client_assertion")


async def check(
    claims: dict[str, Any], presented: Presented, client: Client, ports: Ports, now: int
) -> None:
    """Of a statement whose signature is the client's. Raises ``InvalidClient``."""
    check_names(claims, client)
    check_times(claims, now)
    if not addressed(claims.get("aud"), client, names(ports.config, presented)):
        raise InvalidClient("client_assertion is for somebody else")
    # The mark must outlive every moment at which the statement would still be accepted.
    mark = f"jti:{digest(client.client_id)}:{digest(claims['jti'])}"
    if not await ports.one_time.claim(mark, ttl=LIVES + 2 * LEEWAY):
        raise InvalidClient("client_assertion used twice")


def check_names(claims: dict[str, Any], client: Client) -> None:
    if not claims.get("iss") == claims.get("sub") == client.client_id:
        raise InvalidClient("client_assertion: iss and sub are not the client")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise InvalidClient("client_assertion has no jti")


def check_times(claims: dict[str, Any], now: int) -> None:
    """In whole seconds. Without ``iat``, ``exp`` alone must bound its life.

    Libraries sign statements for an hour; taken from ``iat`` they are good for five minutes.
    """
    exp, iat, nbf = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if exp is None:
        raise InvalidClient("client_assertion has no exp")
    if seconds(now - LEEWAY) >= exp:
        raise InvalidClient("client_assertion has expired")
    if max(iat or 0, nbf or 0) > seconds(now + LEEWAY):
        raise InvalidClient("client_assertion is of the future")
    oldest, latest = seconds(now - LIVES - LEEWAY), seconds(now + LIVES + LEEWAY)
    if (iat is None and exp > latest) or (iat is not None and iat < oldest):
        raise InvalidClient("client_assertion: it is good for too long")


def names(config: Config, presented: Presented) -> tuple[str, ...]:
    """What we may be called: the issuer first."""
    return (config.issuer, config.issuer + TOKEN_PATH, config.issuer + presented.path)


def addressed(aud: object, client: Client, ours: tuple[str, ...]) -> bool:
    """``fapi2``: our issuer, as one string. ``baseline``: any name of ours, also in an array."""
    if client.profile == "fapi2":
        return aud == ours[0]
    return any(name in ours for name in (aud if isinstance(aud, list) else [aud]))
