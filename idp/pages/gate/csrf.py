"""Forms that only our own pages can send, each for one path and for one day.

NIST SP 800-63B-4 section 5.1: a value bound to the browser's secret travels in the form. Beside it
the browser's own word is taken: Fetch Metadata (Sec-Fetch-Site) and RFC 6454 section 7 (Origin).
That it counts once is seen to by ``idp/pages/gate/once.py``.
"""

from keys.secrets import born, keyed, new_ticket, same
from keys.versions import Secrets
from oidc.endpoints.message import Request
from oidc.errors import OAuthError
from store.micros import DAY

LIFE = DAY  # WCAG 2.2, 2.2.1: a limit of more than twenty hours hurries nobody


class ForgedForm(OAuthError):
    """The form was not sent by a page we showed to this browser, or that page is too old."""

    code = "form_expired"
    status = 403
    public = "The form has expired."


class Csrf:
    """``secrets`` are of this purpose alone; ``origin`` is ours."""

    def __init__(self, secrets: Secrets, origin: str) -> None:
        self._secrets = secrets
        self._origin = origin

    def token(self, secret: str, path: str, now: int) -> str:
        """What a form to ``path`` carries; ``secret`` is the cookie that the browser sends too."""
        ticket = new_ticket(now)
        return f"{ticket}.{self.mark(f'{secret} {path} {ticket}')}"

    def mark(self, text: str) -> str:
        """A name of this text that only we can make."""
        return keyed(self._secrets.first, text)

    def made(self, mark: str, text: str) -> bool:
        """Whether it is our mark of this text."""
        return any(same(mark, keyed(secret, text)) for secret in self._secrets.all)

    def check(self, request: Request, token: str | None, secret: str | None, now: int) -> None:
        """Refuse unless page, form and browser belong together."""
        site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
        if site not in {None, "same-origin", "none"}:
            raise ForgedForm("sent from a page of another site")
        # "null" is what a page under Referrer-Policy no-referrer says of itself
        if origin not in {None, "null", self._origin}:
            raise ForgedForm("sent from another origin")
        ticket, _, mark = (token or "").rpartition(".")
        if secret is None or not self.made(mark, f"{secret} {request.path} {ticket}"):
            raise ForgedForm("no token of this browser")
        if now - born(ticket) >= LIFE:
            raise ForgedForm("too old")
