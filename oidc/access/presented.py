"""How an access token is presented. RFC 6750 section 2."""

from oidc.access import MissingToken
from oidc.endpoints.message import Request
from oidc.errors import InvalidRequest


def presented(request: Request) -> str:
    """In the header or in a form; both, or in the query, is refused."""
    if request.query and "access_token" in request.params().values:
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
