"""Forms that only our own pages can send.

NIST SP 800-63B-4 section 5.1: a value bound to the browser's secret travels in the form. Beside it
the browser's own word is taken: Fetch Metadata (Sec-Fetch-Site) and RFC 6454 section 7 (Origin).
"""

from keys.secrets import keyed, same
from oidc.endpoints.message import Request
from oidc.errors import OAuthError


class ForgedForm(OAuthError):
    """The form was not sent by a page we showed to this browser, or that page is too old."""

    code = "form_expired"
    status = 403
    public = "The form has expired."


class Csrf:
    """``key`` is of this purpose alone; ``origin`` is ours."""

    def __init__(self, key: bytes, origin: str) -> None:
        self._key = key
        self._origin = origin

    def token(self, secret: str) -> str:
        """What the form carries; ``secret`` is the cookie that the browser sends with it."""
        return keyed(self._key, secret)

    def check(self, request: Request, token: str | None, secret: str | None) -> None:
        """Refuse unless page, form and browser belong together."""
        site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
        if site not in {None, "same-origin", "none"}:
            raise ForgedForm("sent from a page of another site")
        # "null" is what a page under Referrer-Policy no-referrer says of itself
        if origin not in {None, "null", self._origin}:
            raise ForgedForm("sent from another origin")
        if token is None or secret is None or not same(token, self.token(secret)):
            raise ForgedForm("no token of this browser")
