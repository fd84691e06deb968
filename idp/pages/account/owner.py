"""Whose account it is: of the person who is signed in in this browser."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from idp.pages.builder import Page
from idp.pages.languages import Language
from idp.pages.reader import Reader
from idp.pages.site import Site
from idp.sessions.sql import LiveSession
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request
from oidc.params import Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who looks at a room of their account, in which session and language."""

    session: LiveSession
    secret: str
    reader: Reader
    now: int

    @property
    def account_id(self) -> str:
        return self.session.account_id

    @property
    def language(self) -> Language:
        return self.reader.language


async def owner(site: Site, request: Request, now: int) -> Owner | None:
    """Whoever is signed in; nobody, and the page leads to the sign-in."""
    secret = request.cookie(BROWSER)
    session = await site.sessions.current(secret, now)
    if session is None or secret is None:
        return None
    return Owner(session=session, secret=secret, reader=site.builder.reader(request), now=now)


def room(
    site: Site,
    owner: Owner,
    template: str,
    values: Mapping[str, Any],
    here: tuple[str, Mapping[str, str]],
) -> Answer:
    """A page of the account, with the token that its forms send."""
    return furnished(site, owner, Page(template=template, values=values, here=here))


def furnished(site: Site, owner: Owner, page: Page) -> Answer:
    """The same for a page that has more to say about itself."""
    path, _ = page.here or ("", {})
    values = {"csrf": site.csrf.token(owner.secret, path, owner.now), **page.values}
    return site.builder.build(replace(page, values=values), owner.reader)


async def sent(site: Site, request: Request, now: int) -> tuple[Params, LiveSession | None]:
    """A form of the account, and who is signed in, if anybody still is.

    Raises ``InvalidRequest`` for what is no form.
    """
    return request.form().sound(), await site.sessions.current(request.cookie(BROWSER), now)
