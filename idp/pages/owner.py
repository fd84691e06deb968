"""Whose account it is: of the person who is signed in in this browser."""

from idp.pages.site import Site
from idp.sessions.sql import LiveSession
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Request
from oidc.params import Params


async def sent(site: Site, request: Request, now: int) -> tuple[Params, LiveSession | None]:
    """A form of the account page, and who is signed in, if anybody still is.

    Raises ``ForgedForm``, and ``InvalidRequest`` for what is no form.
    """
    form, secret = request.form().sound(), request.cookie(BROWSER)
    site.csrf.check(request, form.get("csrf"), secret)
    return form, await site.sessions.current(secret, now)
