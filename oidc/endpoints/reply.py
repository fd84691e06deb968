"""How an answer leaves for the client: by a redirect, or on a page that posts it.

RFC 9700 section 4.12 (303); OAuth 2.0 Form Post Response Mode section 2, an OpenID Connect
companion.
"""

from oidc.authorize.redirect import POSTED, Reply
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import OAuthError
from oidc.ports import Pages


class Refused(Exception):
    """A refusal that goes to the client as ``reply``, instead of to whoever called."""

    def __init__(self, reply: Reply, error: OAuthError) -> None:
        super().__init__(error.detail)
        self.reply = reply
        self.error = error


def send(reply: Reply, request: Request, pages: Pages) -> Answer:
    if reply.mark == POSTED:
        return pages.posting(reply, request)
    return see_other(reply.address)
