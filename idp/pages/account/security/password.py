"""A new password. NIST SP 800-63B-4 section 3.1.1.2: why one is refused is told, and what helps."""

from http import HTTPStatus
from typing import Any

from idp.authentication.password import LONGEST, SHORTEST, WeakPassword
from idp.authentication.pool import Busy
from idp.pages.account.news import tell
from idp.pages.account.security.proven import Proven, proven, proven_by_form
from idp.pages.builder import Page
from idp.pages.entry.trouble import BUSY, MISSING, NO_TROUBLE, Trouble
from idp.pages.paths import PASSWORD, SECURITY
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request
from store.database import Unchanged


async def show(site: Site, request: Request, now: int) -> Answer:
    person = await proven(site, request, PASSWORD, now)
    return person if isinstance(person, Answer) else await _page(site, person, NO_TROUBLE)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form, person = await proven_by_form(site, request, PASSWORD, now)
    if isinstance(person, Answer):
        return person
    password = form.get("password")
    if password is None:
        return await _page(site, person, MISSING)
    try:
        await site.security.changes.password(person.who.session, password, now)
    except WeakPassword as error:
        weak = Trouble(name=f"password_{error.reason}", status=HTTPStatus.BAD_REQUEST)
        return await _page(site, person, weak)
    except Busy:
        return await _page(site, person, BUSY)
    except Unchanged:
        return await tell(site, person.account_id, {}, SECURITY)
    return await tell(site, person.account_id, {"done": "password"}, SECURITY)


async def _page(site: Site, person: Proven, why: Trouble) -> Answer:
    values: dict[str, Any] = {
        "csrf": site.csrf.token(person.who.secret, PASSWORD, person.who.now),
        "number": await site.security.accounts.number_of(person.account_id),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    page = Page(
        template="security_password.html",
        values=values,
        status=why.status,
        error=why.name,
        here=(PASSWORD, {}),
        headers=why.headers(),
    )
    return site.builder.build(page, person.who.reader)
