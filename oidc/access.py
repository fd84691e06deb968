"""How an access token is presented, and what is said of one that opens nothing. RFC 6750."""

from oidc.endpoints.message import Request
from oidc.errors import InvalidRequest, OAuthError


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
