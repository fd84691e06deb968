"""Passkeys: which there are, adding one, naming them. WebAuthn Level 3 section 7.1.

NIST SP 800-63B-4 section 4.1.2: who adds one has just signed in as surely as they can (N-15, W-15).
"""

from collections.abc import Mapping
from typing import Any

from idp.authentication.passkeys import PasskeyRefused
from idp.authentication.passkeys.enrol import MOST, Offered, fit_name
from idp.authentication.passkeys.store import Passkey
from idp.pages.account.news import heard, tell
from idp.pages.account.owner import furnished, owner, sent
from idp.pages.builder import Page
from idp.pages.dates import day, moment
from idp.pages.door import sign_in_again, sign_in_first
from idp.pages.entry.passkey import SCRIPT
from idp.pages.languages import Language
from idp.pages.paths import PASSKEYS, SIGN_IN
from idp.pages.site import Site
from idp.sessions.fresh import is_fresh
from idp.sessions.label import label
from idp.sessions.sql import LiveSession
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InvalidRequest, OAuthError
from oidc.params import Params


class PasskeyNotAdded(OAuthError):
    """The detail is for the log: which rule it broke."""

    code = "passkey_not_added"
    public = "The passkey was not added."


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(PASSKEYS)
    passkeys = await site.passkeys.kept.of_account(who.account_id)
    may_add = len(passkeys) < MOST and await just_proven(site, who.session, now)
    values = {
        "passkeys": [described(passkey, who.language) for passkey in passkeys],
        "full": len(passkeys) >= MOST,
        "again": sign_in_again(PASSKEYS),
        "suggested": _browser(request),
        "options": await site.passkeys.enrol.options(who.account_id, who.secret, now)
        if may_add
        else "",
        "done": (await heard(site, request, who.account_id) or {}).get("done"),
    }
    scripts = (SCRIPT,) if may_add else ()
    page = Page(template="passkeys.html", values=values, here=(PASSKEYS, {}), scripts=scripts)
    return furnished(site, who, page)


async def submit(site: Site, request: Request, now: int) -> Answer:
    """``action``: ``add`` or ``rename``. Raises ``PasskeyNotAdded``."""
    form, session = await sent(site, request, now)
    if session is None:
        return see_other(SIGN_IN)
    name = fit_name(form.get("name") or "")
    if form.need("action") == "add":
        return await _add(site, request, session, form, now)
    if form.need("action") != "rename":
        raise InvalidRequest("unknown action")
    if name:
        await site.passkeys.enrol.rename(session.account_id, form.need("passkey"), name)
    return see_other(PASSKEYS)


async def _add(
    site: Site, request: Request, session: LiveSession, form: Params, now: int
) -> Answer:
    if not await just_proven(site, session, now):
        return see_other(sign_in_again(PASSKEYS))
    name = fit_name(form.get("name") or "") or _browser(request)
    offered = Offered(form.get("credential") or "", request.cookie(BROWSER) or "", name)
    try:
        await site.passkeys.enrol.add(session, offered, now)
    except PasskeyRefused as refused:
        raise PasskeyNotAdded(refused.why) from refused
    return await tell(site, session.account_id, {"done": "added"}, PASSKEYS)


async def just_proven(site: Site, session: LiveSession, now: int) -> bool:
    """Whether this person may change how they sign in."""
    held = await site.passkeys.means.of(session.account_id)
    return is_fresh(session, held.level, now)


def described(passkey: Passkey, language: Language) -> Mapping[str, Any]:
    """As a person knows it."""
    return {
        "passkey_id": passkey.passkey_id,
        "name": passkey.name,
        "syncable": bool(passkey.syncable),
        "since": day(passkey.created_at, language),
        "used": moment(passkey.used_at, language) if passkey.used_at is not None else "",
    }


def _browser(request: Request) -> str:
    return label(request.header(b"user-agent") or "")
