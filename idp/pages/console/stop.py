"""The emergency stop: one officer stops the key that signs, for the time being.

NIST SP 800-57 part 1 section 7.3 (suspended). It is asked first, with a reason, by who proved just
now who they are; then ``keys/lives/`` does what the command line does, in one commit with an event
that names the officer. Whoever asks for two people's word will ask between the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from idp.pages.account.news import tell
from idp.pages.builder import Page
from idp.pages.console.here import Here, here, key_in, proven, room
from idp.pages.console.paths import KEYS, SIGN_IN, STOP
from idp.pages.console.spoken import short
from idp.pages.dates import day
from idp.pages.entry.trouble import MISSING, NO_TROUBLE, Trouble
from idp.pages.site import Site
from keys.lives.by import By
from keys.lives.custody import Raced
from keys.lives.lifecycle import Life, Refused, Step
from keys.lives.moves import Move, successor
from keys.signing_key import State
from oidc.endpoints.message import Answer, Request, see_other
from store.database import Unavailable

LONGEST_REASON = 200

_LOG = structlog.get_logger("motcua")


async def show(site: Site, request: Request, now: int) -> Answer:
    """Which key; then, for who proved it just now, what stopping it means."""
    params = request.params()
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    kid = key_in(params).get("key")
    if kid is None:
        return await _which(site, who)
    officer = await proven(site, request, params, now)
    return officer if isinstance(officer, Answer) else await _asked(site, officer, kid, NO_TROUBLE)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    who = await proven(site, request, form, now)
    if isinstance(who, Answer):
        return who
    kid, reason = form.need("key"), fit_reason(form.get("reason") or "")
    if not reason:
        return await _asked(site, who, kid, MISSING)
    return await _told(site, who, await _stop(site, who, kid, reason))


async def _stop(site: Site, who: Here, kid: str, reason: str) -> Mapping[str, Any]:
    """What the page of the keys has to tell. Somebody may have been faster."""
    console, now = site.console, who.now
    by = By(f"officer {who.session.officer_id}", reason)
    still_in = console.sessions.still_live(who.session, now)
    if not _active(await console.custody.lives(), kid):
        return {"done": "changed"}
    try:
        taken = await console.custody.take(kid, Step.SUSPEND, by, now, also=(still_in,))
    except (Raced, Refused):
        return {"done": "changed"}
    said = {"kid": short(kid), "heir": _heir(taken.moves), "signs": taken.signs is not None}
    return {"done": "stopped", **said}


async def _told(site: Site, who: Here, news: Mapping[str, Any]) -> Answer:
    """Back to the keys, which show what was done even where the news of it cannot be kept."""
    try:
        return await tell(site, who.session.officer_id, news, KEYS)
    except Unavailable:
        _LOG.warning("console", outcome="news not kept")
        return see_other(KEYS)


async def _which(site: Site, who: Here) -> Answer:
    lives = await site.console.custody.lives()
    values = {"keys": [_said(it, who) for it in lives if it.state is State.ACTIVE], "key": None}
    return room(site, who, Page(template="console_stop.html", values=values, here=(STOP, {})))


async def _asked(site: Site, who: Here, kid: str, why: Trouble) -> Answer:
    lives = await site.console.custody.lives()
    life = _active(lives, kid)
    if life is None:
        return see_other(KEYS)
    heir = successor(lives, life.alg, site.console.custody.policy, who.now)
    values = {
        "key": _said(life, who),
        "heir": short(heir.kid) if heir else "",
        "keys": [],
        "longest": LONGEST_REASON,
    }
    page = Page(template="console_stop.html", values=values, here=(STOP, {"key": kid}))
    return room(site, who, replace(page, status=why.status, error=why.name))


def fit_reason(text: str) -> str:
    """As it is kept: one line, not too long; empty if it says nothing."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:LONGEST_REASON].strip()


def _active(lives: Sequence[Life], kid: str) -> Life | None:
    return next((it for it in lives if it.kid == kid and it.state is State.ACTIVE), None)


def _said(life: Life, who: Here) -> Mapping[str, str]:
    since = day(life.activated_at or life.created_at, who.language)
    return {"kid": life.kid, "short": short(life.kid), "alg": life.alg, "since": since}


def _heir(moves: Sequence[Move]) -> str:
    return next((short(it.life.kid) for it in moves if it.step is Step.ACTIVATE), "")
