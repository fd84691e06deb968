"""The first room: a greeting, what needs attention, and what there is to see in the others."""

from collections.abc import Mapping, Sequence
from typing import Any

from consent.looks import Wish
from idp.pages.account.connected import YEAR, Service, connected
from idp.pages.account.lookup import row
from idp.pages.account.names import Names
from idp.pages.account.owner import Owner, owner, room
from idp.pages.dates import day, moment
from idp.pages.door import sign_in_first
from idp.pages.paths import ACCOUNT
from idp.pages.preview import NAME, name_of
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other
from store.micros import DAY

SOON = 7 * DAY
LOOKS = 3


async def door(site: Site, request: Request, now: int) -> Answer:
    """The address of the house itself leads to the account."""
    return see_other(ACCOUNT)


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(ACCOUNT)
    shown = await site.releases.preview(who.account_id, frozenset({NAME}), now)
    sessions = await site.sessions.of_account(who.account_id, now) or (who.session,)
    services, last = await connected(site, who, now), sessions[0]
    held = await site.security.means.of(who.account_id)
    values = {
        "me": name_of(shown, who.language),
        "last": moment(last.auth_time, who.language),
        "last_here": last.session_id == who.session.session_id,
        "held": held,
        "bare": not held.second_factor and not held.passkeys,
        "ending": _ending(services, now),
        "services": services,
        "looks": await _looks(site, who, now),
        "devices": len(sessions),
    }
    return room(site, who, "home.html", values, (ACCOUNT, {}))


def _ending(services: Sequence[Service], now: int) -> Sequence[Service]:
    """Those that will be over within a week, if nothing is done."""
    return [it for it in services if it.record.expires_at <= now + SOON]


async def _looks(site: Site, who: Owner, now: int) -> Sequence[Mapping[str, Any]]:
    wish, names = Wish(since=now - YEAR, before=(now + 1, "")), Names(site, who.language, now)
    looks = await site.looks.page(who.account_id, wish, LOOKS)
    return [{**await row(look, names), "day": day(look.at, who.language)} for look in looks]
