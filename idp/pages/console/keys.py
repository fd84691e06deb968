"""The signing keys, as officers see them: what comes next, on a line of time, and as a table.

NIST SP 800-57 part 1 sections 5.3 and 7.
"""

from typing import Any

from idp.pages.account.news import heard
from idp.pages.builder import Page
from idp.pages.console.coming import alarms, coming, unsigned
from idp.pages.console.drawing import LAYOUTS, Pen, drawn
from idp.pages.console.here import Here, here, room
from idp.pages.console.paths import KEYS, SIGN_IN
from idp.pages.console.readiness import held, seen_by
from idp.pages.console.spoken import aloud, entry
from idp.pages.console.timeline import shown, timeline
from idp.pages.dates import ticks
from idp.pages.site import Site
from keys.signing_key import State
from oidc.endpoints.message import Answer, Request, see_other


async def door(site: Site, request: Request, now: int) -> Answer:
    """From the address that one remembers to the first page."""
    return see_other(KEYS)


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    values = await _values(site, who)
    values["done"] = await heard(site, request, who.session.officer_id) or {"done": ""}
    return room(site, who, Page(template="console_keys.html", values=values, here=(KEYS, {})))


async def _values(site: Site, who: Here) -> dict[str, Any]:
    custody, language, now = site.console.custody, who.language, who.now
    lives, tasks = await custody.lives(), await custody.plan(now)
    places = await site.console.places.of_all()
    found = {it.kid: it for it in await site.console.gate.look(lives, now)}
    line = timeline(lives, tasks, custody.policy, now)
    leftward = language.direction == "rtl"
    return {
        "unsigned": unsigned(lives),
        "alarms": alarms(lives, custody.policy, language, now),
        "held": held(found.values(), custody.policy, language),
        "coming": coming(tasks, language, now),
        "drawings": [
            drawn(Pen(line, it, leftward), ticks(line.begins, line.ends, it.ticks, language))
            for it in LAYOUTS
        ],
        "kinds": {bar.kind for lane in line.lanes for bar in lane.bars},
        "aloud": [aloud(it.life, tasks, language) for it in line.lanes],
        "keys": [
            (entry(it, places[it.kid], tasks, language), seen_by(found.get(it.kid), language))
            for it in shown(lives, line.begins)
            if it.state is not State.DESTROYED
        ],
    }
