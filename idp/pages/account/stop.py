"""Stopping what a service may see: one thing of it, or everything.

It is as easy as sharing: one page asks and says what follows, one press stops; no reason is asked
and no password. What a service needs is stopped with all the rest, and the page says so.
"""

from urllib.parse import urlencode

from consent.model import OFFLINE, Record
from consent.narrowing import Kept
from idp.pages.account.connected import connected
from idp.pages.account.news import tell
from idp.pages.account.owner import owner, room, sent
from idp.pages.paths import ACCOUNT, SERVICES, SIGN_IN
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other

PATH = f"{ACCOUNT}/stop"


async def show(site: Site, request: Request, now: int) -> Answer:
    """What stopping means, before it is done."""
    who = await owner(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    params = request.params()
    record_id, item = params.need("record"), params.get("item")
    record = await site.narrowing.current(record_id, who.account_id, now)
    services = await connected(site, who, now)
    service = next((one for one in services if one.record == record), None)
    if service is None or record is None:
        return see_other(SERVICES)
    fact, absence = service.fact(item) if item else None, item == OFFLINE and service.offline
    if item and fact is None and not absence:
        return see_other(SERVICES)
    values = {"service": service, "fact": fact, "absence": absence}
    return room(site, who, "stop.html", values, (PATH, _query(record.record_id, item)))


async def submit(site: Site, request: Request, now: int) -> Answer:
    """The commit is the moment that counts, and the one that the next page names."""
    form, session = await sent(site, request, now)
    if session is None:
        return see_other(SIGN_IN)
    record_id, item = form.need("record"), form.get("item")
    if item is None:
        return await _everything(site, record_id, session.account_id, now)
    stopped = await site.narrowing.stop(record_id, session.account_id, item, now)
    if stopped is Kept.REQUIRED:
        return see_other(f"{PATH}?{urlencode(_query(record_id, item))}")
    if isinstance(stopped, Kept):
        return see_other(SERVICES)
    return await _told(site, stopped, item, now)


async def _everything(site: Site, record_id: str, account_id: str, now: int) -> Answer:
    """If part of it is stopped at this moment, what is left of it is stopped."""
    while (record := await site.narrowing.current(record_id, account_id, now)) is not None:
        if await site.records.withdraw(record.record_id, account_id, now):
            return await _told(site, record, None, now)
    return see_other(SERVICES)


async def _told(site: Site, record: Record, item: str | None, now: int) -> Answer:
    news = {"client_id": record.client_id, "item": item, "at": now}
    return await tell(site, record.account_id, news, SERVICES)


def _query(record_id: str, item: str | None) -> dict[str, str]:
    return {"record": record_id, "item": item} if item else {"record": record_id}
