"""Signing out: asked first, then said. OpenID Connect RP-Initiated Logout 1.0 sections 2 and 6."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from idp.pages.builder import Page, Reader
from idp.pages.paths import ACCOUNT
from idp.pages.site import Site
from idp.pages.values import named
from oidc.endpoints.cookies import BROWSER, FLOW, drop_cookie
from oidc.endpoints.end_session import SIGNED_OUT
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InteractionExpired, InvalidRequest
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
    values: dict[str, Any] = {
        "action": f"{PATH}?{urlencode(leaving.query)}" if leaving.query else PATH,
        "csrf": site.csrf.token(secret),
        "service": client and named(client, language),
    }
    page = Page(
        template="sign_out.html",
        values=values,
        here=(PATH, leaving.query),
        answers_to=leaving.back_to,
    )
    return site.builder.build(page, leaving.reader)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    leaving, secret = await _leaving(site, request), request.cookie(BROWSER)
    site.csrf.check(request, form.get("csrf"), secret)
    said = form.need("logout")
    if said not in {"yes", "no"}:
        raise InvalidRequest("neither yes nor no")
    if leaving.name is not None:
        await SignOuts(site.ports.one_time).finish(leaving.name)
    if said == "no":
        return see_other(ACCOUNT)
    await site.sessions.end(secret, now)
    after = leaving.asked.after() if leaving.asked else None
    return see_other(after or SIGNED_OUT, drop_cookie(BROWSER))


async def signed_out(site: Site, request: Request, now: int) -> Answer:
    page = Page(template="signed_out.html", here=(SIGNED_OUT, {}))
    return site.builder.build(page, site.builder.reader(request))


async def _leaving(site: Site, request: Request) -> Leaving:
    """Raises ``InteractionExpired`` for a name that is over or of another browser."""
    name = request.params().get("i")
    if name is None:
        return Leaving(None, None, site.builder.reader(request))
    asked = await SignOuts(site.ports.one_time).load(name, request.cookie(FLOW))
    if asked is None:
        raise InteractionExpired("no such sign-out in this browser")
    return Leaving(name, asked, site.builder.reader(request, asked.ui_locales))
