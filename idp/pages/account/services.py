"""Connected services, and what stopping one of them did."""

from collections.abc import Mapping

from consent.model import OFFLINE
from idp.pages.account.connected import connected
from idp.pages.account.names import Names
from idp.pages.account.news import heard
from idp.pages.account.owner import Owner, owner, room
from idp.pages.dates import second
from idp.pages.door import sign_in_first
from idp.pages.paths import SERVICES
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(SERVICES)
    values = {
        "stopped": await _just_stopped(site, request, who, now),
        "services": await connected(site, who, now),
    }
    return room(site, who, "services.html", values, (SERVICES, {}))


async def _just_stopped(
    site: Site, request: Request, who: Owner, now: int
) -> Mapping[str, str | bool] | None:
    """``fact`` is empty where everything was stopped. ``absence``: looking when nobody is there."""
    news = await heard(site, request, who.account_id)
    if news is None:
        return None
    names = Names(site, who.language, now)
    return {
        "agency": (await names.service(news["client_id"]))["agency"],
        "fact": names.fact(news["item"]).label if news["item"] else "",
        "absence": news["item"] == OFFLINE,
        "time": second(news["at"], who.language),
    }
