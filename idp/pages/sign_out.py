"""Signing out: asked first, then said. OpenID Connect RP-Initiated Logout 1.0 sections 2 and 6."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from idp.accounts.person import personal_number
from idp.pages.builder import Page
from idp.pages.paths import ACCOUNT
from idp.pages.reader import Reader
from idp.pages.site import Site
from idp.pages.values import named
from idp.sessions.sql import LiveSession
from oidc.endpoints.cookies import BROWSER, FLOW
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InteractionExpired, InvalidRequest
from oidc.farewell import SIGNED_OUT, leave
from oidc.logout import SignOutRequest, SignOuts

PATH = "/sign-out"


@dataclass(frozen=True, slots=True)
class Leaving:
    """``asked`` by a service under ``name``, or by the person alone."""

    name: str | None
    asked: SignOutRequest | None
    reader: Reader

    @property
    def query(self) -> dict[str, str]:
        return {} if self.name is None else {"i": self.name}

    @property
    def back_to(self) -> tuple[str, ...]:
        """The registered address at which it ends, if there is one."""
        known = self.asked.back_to if self.asked else None
        return () if known is None else (known,)


async def show(site: Site, request: Request, now: int) -> Answer:
    leaving, secret = await _leaving(site, request), request.cookie(BROWSER)
    if secret is None:
        return see_other(SIGNED_OUT)
    client_id, language = leaving.asked and leaving.asked.client_id, leaving.reader.language
    client = await site.ports.clients.find(client_id, now) if client_id else None
    here = await site.sessions.of_browser(secret, now)
    values: dict[str, Any] = {
        "action": f"{PATH}?{urlencode(leaving.query)}" if leaving.query else PATH,
        "csrf": site.csrf.token(secret, PATH, now),
        "service": client and named(client, language),
        "others": len(here) > 1,
        "stranger": await _means_a_stranger(site, leaving.asked, here),
    }
    page = Page(
        template="sign_out.html",
        values=values,
        here=(PATH, leaving.query),
        answers_to=leaving.back_to,
    )
    return site.builder.build(page, leaving.reader)


async def _means_a_stranger(
    site: Site, asked: SignOutRequest | None, here: Sequence[LiveSession]
) -> bool:
    """Section 2: ``logout_hint`` says who is leaving, as ``login_hint`` does by a personal number.

    Whether anybody has such a number is not told.
    """
    number = personal_number(asked.logout_hint or "") if asked else None
    if number is None:
        return False
    account = await site.sign_in.accounts.find_by_number(number)
    return account is None or account.account_id not in {it.account_id for it in here}


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    leaving = await _leaving(site, request)
    said = form.need("logout")
    if said not in {"yes", "no"}:
        raise InvalidRequest("neither yes nor no")
    if leaving.name is not None:
        await SignOuts(site.ports.one_time).finish(leaving.name)
    if said == "no":
        return see_other(ACCOUNT)
    after = leaving.asked.after() if leaving.asked else None
    return await leave(request, site.ports, after, now)


async def _leaving(site: Site, request: Request) -> Leaving:
    """Raises ``InteractionExpired`` for a name that is over or of another browser."""
    name = request.params().get("i")
    if name is None:
        return Leaving(None, None, site.builder.reader(request))
    asked = await SignOuts(site.ports.one_time).load(name, request.cookie(FLOW))
    if asked is None:
        raise InteractionExpired("no such sign-out in this browser")
    return Leaving(name, asked, site.builder.reader(request, asked.ui_locales))
