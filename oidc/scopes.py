"""Scopes: what may be asked, and by whom.

RFC 6749 sections 3.3 and 6; OpenID Connect Core sections 5.4 and 11.
"""

from functools import lru_cache

from clients.model import Client
from consent.catalogue import SCOPES
from consent.model import OFFLINE
from oidc.errors import InvalidScope

OPENID = "openid"
REMEMBERED = 100  # of what clients ask, which is the same again and again
SHORT = 300  # characters: what is longer is not remembered, for anybody may ask for anything
NONE: frozenset[str] = frozenset()
OF_PERSONS = frozenset({OPENID, OFFLINE, *SCOPES})


def of_person(asked: str | None, client: Client) -> frozenset[str]:
    """What of it concerns a person and this client may ask; the rest is ignored."""
    scope = words(asked) & _may(client.scope, "refresh_token" in client.grant_types)
    if OPENID not in scope:
        raise InvalidScope("the scope has no openid, or the client may not ask it")
    return scope


@lru_cache(maxsize=REMEMBERED)
def _may(registered: str, offline: bool) -> frozenset[str]:
    may = words(registered) & OF_PERSONS - {OFFLINE}
    return may | {OFFLINE} if offline else may


def of_client(asked: str | None, client: Client) -> frozenset[str]:
    """What a client may have for itself: never what belongs to a person."""
    own = words(client.scope) - OF_PERSONS
    if asked is None:
        return own
    scope = words(asked) & own
    if not scope:
        raise InvalidScope("nothing of the scope is the client's own")
    return scope


def narrower(asked: str | None, granted: frozenset[str]) -> frozenset[str]:
    """RFC 6749 section 6: nothing that was not granted; if it does not say, all of it."""
    if asked is None:
        return granted
    scope = words(asked)
    if not scope or not scope <= granted:
        raise InvalidScope("the scope is empty, or wider than what was granted")
    return scope


@lru_cache(maxsize=REMEMBERED)
def spoken(scope: frozenset[str]) -> str:
    """The inverse of ``words``, in one order."""
    return " ".join(sorted(scope))


def words(text: str | None) -> frozenset[str]:
    if text is None:
        return NONE
    return remembered(text) if len(text) <= SHORT else split(text)


def split(text: str) -> frozenset[str]:
    return frozenset(text.split(" ")) - {""}


remembered = lru_cache(maxsize=REMEMBERED)(split)
