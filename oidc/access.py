"""An access token that comes back to us. RFC 6750 section 2; RFC 9068 section 4.

Our own signature first; the times, the audience and the grant are looked at afterwards.
"""

from typing import Any

from keys.ring import BadToken, KeyRing
from oidc.endpoints.message import Request
from oidc.errors import InvalidRequest, OAuthError
from oidc.tokens import ACCESS, GRANT
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


class MissingToken(OAuthError):
    """RFC 6750 section 3.1: who brings no token is told no error."""

    code = "missing_token"
    status = 401
    public = "An access token is needed."


class InvalidToken(OAuthError):
    code = "invalid_token"
    status = 401
    public = "The access token is invalid, expired or revoked."


class InsufficientScope(OAuthError):
    code = "insufficient_scope"
    status = 403
    public = "The access token was not given the scope openid."


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


def presented(request: Request) -> str:
    """In the header or in a form; both, or in the query, is refused."""
    if "access_token" in request.params().values:
        raise InvalidRequest("access token in the query")
    header, in_form = request.header(b"authorization"), None
    if request.method == "POST" and request.is_form():
        in_form = request.form().sound().get("access_token")
    if header is not None and in_form is not None:
        raise InvalidRequest("access token sent twice")
    if header is None and in_form is None:
        raise MissingToken("no access token")
    return in_form or bearer(header or "")


def bearer(header: str) -> str:
    """RFC 9110 section 11.1: the name of a scheme has no case."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise MissingToken("Authorization header is not Bearer")
    return token.strip(" ")


def said_by(token: str, ring: KeyRing) -> dict[str, Any]:
    """The claims of one that we signed, whatever has become of it since."""
    try:
        claims = ring.verify(token, typ=ACCESS)
    except BadToken as error:
        raise InvalidToken("not an access token of ours") from error
    for name, kind in HELD:
        if not isinstance(claims.get(name), kind):
            raise InvalidToken("a claim is missing or of another type")
    return claims


def read(token: str, ring: KeyRing) -> AccessToken:
    """The same, as a value."""
    claims = said_by(token, ring)
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
