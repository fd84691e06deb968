"""Officers sign out: at once, by a form."""

from idp.pages.console.cookie import drop_session
from idp.pages.console.here import here
from idp.pages.console.paths import SIGN_IN
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other


async def submit(site: Site, request: Request, now: int) -> Answer:
    who = await here(site, request, now)
    if who is not None:
        await site.console.sessions.end(who.session, now)
    return see_other(SIGN_IN, drop_session())
