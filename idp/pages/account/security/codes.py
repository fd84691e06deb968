"""Recovery codes: made anew, and shown once, to be printed or copied.

NIST SP 800-63B-4 section 4.2.1.1. They are in the answer to the form and nowhere else, so the form
says which set it replaces: sent again, it does nothing.
"""

import re
from collections.abc import Sequence

from idp.pages.account.owner import room
from idp.pages.account.security.proven import Proven, proven, proven_by_form
from idp.pages.builder import Page
from idp.pages.paths import CODES, SECURITY
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InvalidRequest


async def show(site: Site, request: Request, now: int) -> Answer:
    """What making new ones means, before it is done."""
    person = await proven(site, request, CODES, now)
    if isinstance(person, Answer):
        return person
    if not person.held.totp:
        return see_other(SECURITY)
    values = {"held": person.held}
    return room(site, person.who, "security_codes.html", values, (CODES, {}))


async def submit(site: Site, request: Request, now: int) -> Answer:
    form, person = await proven_by_form(site, request, CODES, now)
    if isinstance(person, Answer):
        return person
    seen = form.need("seen")
    if not re.fullmatch("[0-9]{1,9}", seen):
        raise InvalidRequest("no number of a set")
    codes = await site.security.changes.make_codes(person.who.session, int(seen), now)
    return see_other(CODES) if codes is None else show_codes(site, person, codes, first=False)


def show_codes(site: Site, person: Proven, codes: Sequence[str], *, first: bool) -> Answer:
    """Once: the page has no address."""
    page = Page(template="codes.html", values={"codes": codes, "first": first})
    return site.builder.build(page, person.who.reader)
