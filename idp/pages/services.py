"""Connected services: what each may see, and stopping it.

Stopping is as easy as sharing: one page asks and says what follows, one press stops; no reason is
asked and no password.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from consent.catalogue import ATTRIBUTES
from consent.model import Record
from idp.pages.builder import Page
from idp.pages.dates import day, second
from idp.pages.languages import Language
from idp.pages.owner import sent
from idp.pages.paths import ACCOUNT, SIGN_IN
from idp.pages.site import Site
from idp.pages.values import named
from keys.secrets import digest, new_secret
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request, see_other
from store.micros import MINUTE


async def connected(
    site: Site, account_id: str, language: Language, now: int
) -> Sequence[Mapping[str, Any]]:
    """What this person shares now, the newest first."""
    records = await site.records.live(account_id, now)
    return [await _service(site, record, language, now) for record in records]


async def _service(site: Site, record: Record, language: Language, now: int) -> Mapping[str, Any]:
    """A client that is disabled meanwhile still shows what it was given."""
    client = await site.ports.clients.find(record.client_id, now)
    purpose = await site.ports.purposes.find(record.purpose_id, now)
    who = named(client, language) if client else {"agency": record.client_id, "domain": ""}
    return {
        **who,
        "record_id": record.record_id,
        "purpose": language.of(purpose.titles) if purpose else "",
        "consequence": language.of(purpose.refusal) if purpose else "",
        "attributes": [language.of(ATTRIBUTES[it].labels) for it in _in_order(record.allowed)],
        "since": day(record.given_at, language),
        "until": day(record.expires_at, language),
    }


async def show(site: Site, request: Request, now: int) -> Answer:
    """What stopping means, before it is done."""
    secret = request.cookie(BROWSER)
    session = await site.sessions.current(secret, now)
    if session is None or secret is None:
        return see_other(SIGN_IN)
    record_id, reader = request.params().need("record"), site.builder.reader(request)
    services = await connected(site, session.account_id, reader.language, now)
    service = next((one for one in services if one["record_id"] == record_id), None)
    if service is None:
        return see_other(ACCOUNT)
    values = {"csrf": site.csrf.token(secret), "service": service}
    here = (f"{ACCOUNT}/stop", {"record": record_id})
    return site.builder.build(Page(template="stop.html", values=values, here=here), reader)


async def stop(site: Site, request: Request, now: int) -> Answer:
    """The commit is the moment that counts, and the one that the next page names."""
    form, session = await sent(site, request, now)
    if session is None:
        return see_other(SIGN_IN)
    record_id = form.need("record")
    records = await site.records.live(session.account_id, now)
    client_id = next((it.client_id for it in records if it.record_id == record_id), "")
    if not await site.records.withdraw(record_id, session.account_id, now):
        return see_other(ACCOUNT)
    said = new_secret()
    news = json.dumps({"client_id": client_id, "at": now}).encode()
    await site.ports.one_time.put(_key(said, session.account_id), news, ttl=5 * MINUTE)
    return see_other(f"{ACCOUNT}?said={said}")


async def just_stopped(
    site: Site, request: Request, account_id: str, language: Language, now: int
) -> Mapping[str, str] | None:
    """What the press before this page did; told once, and to the same person."""
    said = request.params().get("said")
    taken = await site.ports.one_time.take(_key(said, account_id)) if said else None
    if taken is None or not taken.first:
        return None
    news = json.loads(taken.value)
    client = await site.ports.clients.find(news["client_id"], now)
    agency = named(client, language)["agency"] if client else news["client_id"]
    return {"agency": agency, "time": second(news["at"], language)}


def _key(said: str, account_id: str) -> str:
    return f"news:{digest(f'{said} {account_id}')}"


def _in_order(allowed: frozenset[str]) -> Sequence[str]:
    """As the catalogue lists them, which is how every screen does."""
    return [attr_id for attr_id in ATTRIBUTES if attr_id in allowed]
