"""An access token that comes back to us, once it is known to be ours. RFC 9068 section 4.

Our own signature first, and that we issued it: who has the key has no issue of ours (K-15). Times,
audience and grant are looked at afterwards.
"""

from typing import Any

from consent.model import Issue
from keys.ring import BadToken, KeyRing
from keys.statement import named_key
from oidc.access import InvalidToken
from oidc.ports import Ports
from oidc.tokens import ACCESS, GRANT, OF_CLIENT
from store.micros import seconds
from store.value import as_value

HELD = (
    ("sub", str),
    ("client_id", str),
    ("aud", str | list),
    ("scope", str),
    (GRANT, str),
    ("jti", str),
    ("exp", int),
)


@as_value(kw_only=True)
class AccessToken:
    """``ends_at`` in seconds, as it stands in the token."""

    subject: str
    client_id: str
    audience: tuple[str, ...]
    scope: frozenset[str]
    grant_id: str
    jti: str
    ends_at: int


async def said_by(token: str, ports: Ports, now: int) -> dict[str, Any]:
    """The claims of one that we issued, whatever has become of it since.

    Of one that has ended it is not asked whether we did: nothing of it counts, and what it was
    issued for may be gone. Raises ``InvalidToken``.
    """
    ring = await ports.keys.current(now)
    claims = ring.recall(token)
    if claims is not None:
        return whole(claims)
    claims = signed(token, ring)
    if seconds(now) < claims["exp"]:
        issue = await ports.grants.issues.find(claims["jti"], claims[GRANT])
        if issue is None or not is_as_issued(claims, issue, ports.config.token_ttl):
            ports.grants.issues.forged(named_key(token))
            raise InvalidToken("signed with a key of ours, and never issued")
        ring.remember(token, claims)
    return claims


def is_as_issued(claims: dict[str, Any], issue: Issue, ttl: int) -> bool:
    """Whether it says nothing but what we said. A client's own scope is in no grant."""
    subject = f"{OF_CLIENT}{issue.subject}" if issue.is_of_client else issue.subject
    same = (claims["client_id"], claims["sub"], claims["exp"]) == (
        issue.client_id,
        subject,
        seconds(issue.at + ttl),
    )
    return same and (issue.is_of_client or issue.scope.issuperset(claims["scope"].split()))


def signed(token: str, ring: KeyRing) -> dict[str, Any]:
    """The claims of one that a key of ours signed."""
    try:
        return whole(ring.verify(token, typ=ACCESS))
    except BadToken as error:
        raise InvalidToken("not an access token of ours") from error


def whole(claims: dict[str, Any]) -> dict[str, Any]:
    for name, kind in HELD:
        if not isinstance(claims.get(name), kind):
            raise InvalidToken("a claim is missing or of another type")
    return claims


async def read(token: str, ports: Ports, now: int) -> AccessToken:
    """What ``said_by`` gives, as a value."""
    claims = await said_by(token, ports, now)
    audience = claims["aud"]
    return AccessToken(
        subject=claims["sub"],
        client_id=claims["client_id"],
        audience=tuple(audience) if isinstance(audience, list) else (audience,),
        scope=frozenset(claims["scope"].split()),
        grant_id=claims[GRANT],
        jti=claims["jti"],
        ends_at=claims["exp"],
    )


def check(token: AccessToken, issuer: str, now: int) -> None:
    if seconds(now) >= token.ends_at:
        raise InvalidToken("expired")
    if issuer not in token.audience:
        raise InvalidToken("for somebody else")
