"""The account: who may see what, and where its owner is signed in."""

from collections.abc import Mapping, Sequence
from typing import Any

from idp.pages.builder import Page
from idp.pages.dates import moment
from idp.pages.languages import Language
from idp.pages.owner import sent
from idp.pages.paths import ACCOUNT, SIGN_IN
from idp.pages.preview import NAME, name_of
from idp.pages.services import connected, just_stopped
from idp.pages.site import Site
from idp.sessions.sql import LiveSession
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request, see_other


async def home(site: Site, request: Request, now: int) -> Answer:
    return see_other(ACCOUNT)


async def show(site: Site, request: Request, now: int) -> Answer:
    secret = request.cookie(BROWSER)
    session = await site.sessions.current(secret, now)
    if session is None or secret is None:
        return see_other(SIGN_IN)
    reader = site.builder.reader(request)
    language, account_id = reader.language, session.account_id
    shown = await site.releases.preview(account_id, frozenset({NAME}), now)
    values: dict[str, Any] = {
        "csrf": site.csrf.token(secret),
        "me": name_of(shown, language),
        "stopped": await just_stopped(site, request, account_id, language, now),
        "services": await connected(site, account_id, language, now),
        "sessions": _sessions(await site.sessions.of_account(account_id, now), session, language),
    }
    page = Page(template="account.html", values=values, here=(ACCOUNT, {}))
    return site.builder.build(page, reader)


async def end_session(site: Site, request: Request, now: int) -> Answer:
    """One session by its id, or all of them."""
    form, session = await sent(site, request, now)
    if session is None:
        return see_other(SIGN_IN)
    if form.need("session") == "all":
        await site.sessions.end_all(session.account_id, now)
    else:
        await site.sessions.end_one(form.need("session"), session.account_id, now)
    return see_other(ACCOUNT)


def _sessions(
    sessions: Sequence[LiveSession], this: LiveSession, language: Language
) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "session_id": session.session_id,
            "label": session.label,
            "here": session.session_id == this.session_id,
            "since": moment(session.auth_time, language),
            "seen": moment(session.seen_at, language),
        }
        for session in sessions
    ]
