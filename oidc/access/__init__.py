"""Access tokens that come back to us, and what is said of one that opens nothing. RFC 6750."""

from oidc.errors import OAuthError


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
