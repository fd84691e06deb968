"""Which officer is here, and whether they proved it just now.

NIST SP 800-63B-4 section 4.1.2: who changes something has proven who they are within five minutes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from idp.officers.sessions import OfficerSession
from idp.pages.builder import Page
from idp.pages.console.cookie import COOKIE
from idp.pages.console.paths import KEYS, PROVE, SIGN_IN, SIGN_OUT, STOP
from idp.pages.languages import Language
from idp.pages.reader import Reader
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other
from oidc.params import Params

_KID = re.compile("[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """An officer at a page, in which session and language."""

    session: OfficerSession
    secret: str
    reader: Reader
    now: int

    @property
    def language(self) -> Language:
        return self.reader.language


async def here(site: Site, request: Request, now: int) -> Here | None:
    """Whoever is signed in at the console; who is signed in elsewhere is nobody here."""
    secret = request.cookie(COOKIE)
    session = await site.console.sessions.current(secret, now)
    if session is None or secret is None:
        return None
    return Here(session=session, secret=secret, reader=site.builder.reader(request), now=now)


async def proven(site: Site, request: Request, params: Params, now: int) -> Here | Answer:
    """The officer; or where they prove it first, to come back to this page and key."""
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    if not who.session.is_fresh(now):
        return see_other(address(PROVE, {"to": request.path, **key_in(params)}))
    return who


def room(site: Site, who: Here, page: Page) -> Answer:
    """A page of the console, with the tokens that its forms send."""
    path, _ = page.here or ("", {})
    values = {
        "csrf": site.csrf.token(who.secret, path, who.now),
        "out": site.csrf.token(who.secret, SIGN_OUT, who.now),
        "officer": who.session.name,
        **page.values,
    }
    return site.builder.build(replace(page, values=values), who.reader)


def key_in(params: Params) -> Mapping[str, str]:
    """The key that an address or a form names, if it may be one."""
    kid = params.get("key") or ""
    return {"key": kid} if _KID.fullmatch(kid) else {}


def leads_to(params: Params) -> str:
    """Where a proof leads: to pages of the console alone."""
    return address(STOP, key_in(params)) if params.get("to") == STOP else KEYS


def address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
