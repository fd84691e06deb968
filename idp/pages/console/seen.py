"""Which services have fetched a key, and what hangs on those that have not.

OpenID Connect Core section 10.1.1. A page to look at: the gate decides by itself.
"""

from collections.abc import Mapping

from idp.pages.builder import Page
from idp.pages.console.here import here, key_in, room
from idp.pages.console.paths import KEYS, SEEN, SIGN_IN
from idp.pages.console.readiness import reader
from idp.pages.console.spoken import short
from idp.pages.languages import Language
from idp.pages.site import Site
from idp.pages.values import named
from oidc.endpoints.message import Answer, Request, see_other


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    query = key_in(request.params())
    lives = await site.console.custody.lives()
    shown = await site.console.gate.look(lives, now)
    found = next((it for it in shown if it.kid == query.get("key")), None)
    if found is None:
        return see_other(KEYS)
    names = await _names(site, who.language)
    values = {
        "key": short(found.kid),
        "alg": found.alg,
        "fetched": len(found.fetched),
        "known": found.known,
        "unknown": len(found.unknown),
        "readers": [
            reader(it, names.get(it.service.client_id, it.service.name), who.language)
            for it in found.services
        ],
    }
    return room(site, who, Page(template="console_seen.html", values=values, here=(SEEN, query)))


async def _names(site: Site, language: Language) -> Mapping[str, str]:
    """Of every service, as pages in this language call it."""
    listed = (it.client for it in await site.clients.list())
    return {it.client_id: named(it, language)["name"] for it in listed}
