"""An access token that comes back to us, once it is known to be ours. RFC 9068 section 4.

Our own signature first, and that we issued it: who has the key has no issue of ours (K-15). Times,
audience and grant are looked at afterwards.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

import orjson

from consent.model import Issue
from keys.ring import BadToken, KeyRing
from keys.statement import named_key
from oidc.access import InvalidToken
from oidc.ports import Ports
from oidc.tokens import ACCESS, GRANT, OF_CLIENT
from store.micros import seconds
from store.value import as_value

HELD = ("sub", "client_id", "aud", "scope", GRANT, "jti", "exp")
KINDS = (
    (str, str, str, str, str, str, int),
    (str, str, list, str, str, str, int),
)
REMEMBERED = 500  # tokens that come again and again; of most it is read once what they say


@as_value()
class AccessToken:
    """``ends_at`` in seconds, as it stands in the token; ``said``: all that it says."""

    subject: str
    client_id: str
    audience: tuple[str, ...]
    scope: frozenset[str]
    grant_id: str
    jti: str
    ends_at: int
    said: Mapping[str, Any] = field(hash=False, repr=False)


async def read(token: str, ports: Ports, now: int) -> AccessToken:
    """One that we issued, whatever has become of it since.

    Of one that has ended it is not asked whether we did: nothing of it counts, and what it was
    issued for may be gone. Raises ``InvalidToken``.
    """
    ring = await ports.keys.current(now)
    payload = ring.recall(token)
    if payload is not None:
        return recalled(payload)
    found = signed(token, ring)
    if seconds(now) < found.ends_at:
        issue = await ports.grants.issues.find(found.jti, found.grant_id)
        if issue is None or not is_as_issued(found, issue, ports.config.token_ttl):
            ports.grants.issues.forged(named_key(token))
            raise InvalidToken("signed with a key of ours, and never issued")
        ring.remember(token, found.said)
    return found


def is_as_issued(token: AccessToken, issue: Issue, ttl: int) -> bool:
    """Whether it says nothing but what we said. A client's own scope is in no grant."""
    subject = f"{OF_CLIENT}{issue.subject}" if issue.is_of_client else issue.subject
    same = (token.client_id, token.subject, token.ends_at) == (
        issue.client_id,
        subject,
        seconds(issue.at + ttl),
    )
    return same and (issue.is_of_client or token.scope <= issue.scope)


def signed(token: str, ring: KeyRing) -> AccessToken:
    """One that a key of ours signed."""
    try:
        return whole(ring.verify(token, typ=ACCESS))
    except BadToken as error:
        raise InvalidToken("not an access token of ours") from error


@lru_cache(maxsize=REMEMBERED)
def recalled(payload: bytes) -> AccessToken:
    return whole(orjson.loads(payload))


def whole(claims: Mapping[str, Any]) -> AccessToken:
    held: tuple[Any, ...] = tuple(map(claims.get, HELD))
    if tuple(map(type, held)) not in KINDS:
        raise InvalidToken("a claim is missing or of another type")
    subject, client_id, audience, scope, grant_id, jti, ends_at = held
    several = tuple(audience) if isinstance(audience, list) else (audience,)
    words = frozenset(scope.split())
    return AccessToken(subject, client_id, several, words, grant_id, jti, ends_at, claims)


def check(token: AccessToken, issuer: str, now: int) -> None:
    if seconds(now) >= token.ends_at:
        raise InvalidToken("expired")
    if issuer not in token.audience:
        raise InvalidToken("for somebody else")
