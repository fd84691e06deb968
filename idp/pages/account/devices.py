"""Devices: where somebody is signed in to this account, and ending it there.

What is known of a device is the kind of its browser and system; where it is, nobody guesses.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from idp.pages.account.news import heard, tell
from idp.pages.account.owner import Owner, owner, room, sent
from idp.pages.dates import moment, second
from idp.pages.door import sign_in_first
from idp.pages.languages import Language
from idp.pages.paths import DEVICES, SIGN_IN
from idp.pages.site import Site
from idp.pages.words import later
from idp.sessions.sql import LiveSession
from oidc.endpoints.message import Answer, Request, see_other

PHONES = frozenset({"Android", "iPhone", "iPad"})
_HOW = MappingProxyType(
    {
        "pop": later("Signed in with a passkey, %(since)s"),
        "otp": later("Signed in with password and code, %(since)s"),
        "pwd": later("Signed in with a password, %(since)s"),
    }
)
"""By what was used (RFC 8176), the surest first."""


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(DEVICES)
    news = await heard(site, request, who.account_id)
    sessions = await site.sessions.of_account(who.account_id, now)
    values = {
        "sessions": [_device(session, who) for session in sessions],
        "ended": news and {"num": news["ended"], "time": second(news["at"], who.language)},
    }
    return room(site, who, "devices.html", values, (DEVICES, {}))


async def end(site: Site, request: Request, now: int) -> Answer:
    """One session by its id, all others, or all of them."""
    form, session = await sent(site, request, now)
    if session is None:
        return see_other(SIGN_IN)
    which, sessions, account_id = form.need("session"), site.sessions, session.account_id
    if which == "all":
        ended = await sessions.end_all(account_id, now)
    elif which == "others":
        mine, reason = session.session_id, "all others ended by the person"
        ended = await sessions.end_others(account_id, mine, now, reason)
    else:
        ended = int(await sessions.end_one(which, account_id, now))
    if not ended or which in {"all", session.session_id}:
        return see_other(DEVICES)
    return await tell(site, account_id, {"ended": ended, "at": now}, DEVICES)


def named_device(label: str, language: Language) -> str:
    """*Firefox on Linux*; as much of it as is known, which may be nothing."""
    browser, _, system = label.partition(", ")
    if not system:
        return browser
    return language.gettext("%(browser)s on %(system)s", browser=browser, system=system)


def _device(session: LiveSession, who: Owner) -> Mapping[str, Any]:
    language = who.language
    how = next((words for used, words in _HOW.items() if used in session.amr), _HOW["pwd"])
    return {
        "session_id": session.session_id,
        "name": named_device(session.label, language),
        "picture": "phone" if session.label.rpartition(", ")[2] in PHONES else "computer",
        "here": session.session_id == who.session.session_id,
        "how": language.gettext(how, since=moment(session.auth_time, language)),
        "since": moment(session.auth_time, language),
        "seen": moment(session.seen_at, language),
    }
