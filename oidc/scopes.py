"""Scopes: what may be asked, and by whom. RFC 6749 section 3.3; OpenID Connect Core section 5.4."""

from clients.model import Client
from consent.catalogue import SCOPES
from oidc.errors import InvalidScope

OPENID = "openid"
OF_PERSONS = frozenset({OPENID, *SCOPES})


def of_person(asked: str | None, client: Client) -> frozenset[str]:
    """What of it concerns a person and this client may ask; the rest is ignored."""
    scope = words(asked) & OF_PERSONS & words(client.scope)
    if OPENID not in scope:
        raise InvalidScope("the scope has no openid, or the client may not ask it")
    return scope


def of_client(asked: str | None, client: Client) -> frozenset[str]:
    """What a client may have for itself: never what belongs to a person."""
    own = words(client.scope) - OF_PERSONS
    if asked is None:
        return own
    scope = words(asked) & own
    if not scope:
        raise InvalidScope("nothing of the scope is the client's own")
    return scope


def words(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split(" ")) - {""}
