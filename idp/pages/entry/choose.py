"""Who goes on, where several people are signed in in one browser.

OpenID Connect Core section 3.1.2.1 (``prompt=select_account``). The choice is for one request of
one service, in the browser it came from; names come from the register, the number is not shown.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from idp.pages.builder import Page
from idp.pages.dates import moment
from idp.pages.errand import Errand, call_off, errand
from idp.pages.paths import CHOOSE, SIGN_IN
from idp.pages.preview import NAME, name_of
from idp.pages.site import Site
from idp.pages.values import initials, named
from idp.sessions.sql import LiveSession
from oidc.authorize.choice import Choice
from oidc.authorize.interaction import Interactions
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request, see_other


async def show(site: Site, request: Request, now: int) -> Answer:
    one = await errand(site, request, now)
    return await _page(site, one, request, now)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    one = await errand(site, request, now)
    if form.get("action") == "cancel":
        return await call_off(site, one, now)
    chosen = form.need("session")
    here = await site.sessions.of_browser(request.cookie(BROWSER), now)
    account_id = next((it.account_id for it in here if it.session_id == chosen), None)
    if account_id is None:
        return await _page(site, one, request, now, gone=True)
    await Interactions(site.ports.one_time).choose(one.interaction, Choice(account_id))
    return see_other(one.resume)


async def _page(
    site: Site, one: Errand, request: Request, now: int, *, gone: bool = False
) -> Answer:
    here = await site.sessions.of_browser(request.cookie(BROWSER), now)
    if not here:
        return see_other(one.at(SIGN_IN))
    values: dict[str, Any] = {
        "action": one.at(CHOOSE),
        "another": one.at(SIGN_IN, other="yes"),
        "csrf": site.csrf.token(one.flow, CHOOSE, now),
        "people": await _people(site, one, here, now),
        "service": named(one.client, one.reader.language),
    }
    page = Page(
        template="choose.html",
        values=values,
        status=HTTPStatus.CONFLICT if gone else HTTPStatus.OK,
        error="gone" if gone else "",
        here=(CHOOSE, one.query),
        answers_to=one.answers_to,
    )
    return site.builder.build(page, one.reader)


async def _people(
    site: Site, one: Errand, here: Sequence[LiveSession], now: int
) -> Sequence[Mapping[str, str]]:
    """Each with the name the register says; where it says none, with the time alone."""
    people, language = [], one.reader.language
    for session in here:
        shown = await site.releases.preview(session.account_id, frozenset({NAME}), now)
        name = name_of(shown, language)
        since = moment(session.auth_time, language)
        people.append(
            {
                "session_id": session.session_id,
                "name": name,
                "initials": initials(name) if name else "",
                "since": since,
            }
        )
    return people
