"""What one signs in with, and the way to each change."""

from idp.pages.account.news import heard
from idp.pages.account.owner import owner, room
from idp.pages.door import sign_in_first
from idp.pages.paths import SECURITY
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(SECURITY)
    news = await heard(site, request, who.account_id) or {}
    values = {"held": await site.security.means.of(who.account_id), "done": news.get("done", "")}
    return room(site, who, "security.html", values, (SECURITY, {}))
