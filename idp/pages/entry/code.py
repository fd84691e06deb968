"""The code after the password: of the authenticator app, or from the paper.

NIST SP 800-63B-4 section 3.1.4; RFC 9700 section 4.7. What is proven so far waits under the ``t``
of the page, in this browser and on this way alone; without it the page leads back to where the
sign-in leads, which finds out what is missing.
"""

from typing import Any

from idp.authentication.half_way import Half, HalfWay
from idp.authentication.refused import Refused
from idp.pages.builder import Page
from idp.pages.door import Door, door, enter
from idp.pages.entry import trouble
from idp.pages.entry.halted import Halted, halfway
from idp.pages.entry.need import without_more
from idp.pages.entry.trouble import MISSING, NO_TROUBLE, Trouble
from idp.pages.errand import call_off, errand
from idp.pages.paths import CODE, SIGN_IN
from idp.pages.site import Site
from idp.pages.values import named, waiting
from idp.sessions.label import label
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InvalidRequest

PASSKEY = "passkey"


async def ask_code(site: Site, to: Door, half: Half, now: int) -> Answer:
    """On to this page. Whoever calls this has just seen the first part proven."""
    name = await HalfWay(site.ports.one_time).begin(half, to.query, to.flow, now)
    return see_other(to.at(CODE, t=name), *to.cookies)


async def show(site: Site, request: Request, now: int) -> Answer:
    to = await door(site, request, now)
    halted = await halfway(site, request, to, now)
    return see_other(to.leads_to) if halted is None else _page(site, halted, NO_TROUBLE, now)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    to = await door(site, request, now)
    action, code = form.need("action"), form.get("code")
    if action not in {"code", "as_is", "cancel"}:
        raise InvalidRequest("unknown action")
    halted = await halfway(site, request, to, now)
    if action == "cancel":
        return await _cancel(site, request, halted, now)
    if action == "as_is":
        await without_more(site, request, to, now)
    if halted is None or action == "as_is":
        return see_other(to.leads_to)
    if code is None:
        return _page(site, halted, MISSING, now)
    return await _attempt(site, request, halted, code, now)


async def _attempt(site: Site, request: Request, halted: Halted, code: str, now: int) -> Answer:
    """A right code completes the sign-in, which happens once; then the session starts."""
    outcome = await site.security.second_step.check(halted.half.account_id, code, now)
    if isinstance(outcome, Refused):
        return _page(site, halted, trouble.of(outcome, wrong="wrong_code", off="code_off"), now)
    if not await HalfWay(site.ports.one_time).finish(halted.name):
        return see_other(halted.to.leads_to)
    browser = (request.cookie(BROWSER), label(request.header(b"user-agent") or ""))
    started = await site.security.second_step.enter(halted.half, outcome, browser, now)
    if started is None:
        return see_other(halted.to.leads_to)
    return await enter(site, halted.to, started, now)


async def _cancel(site: Site, request: Request, halted: Halted | None, now: int) -> Answer:
    """What was proven is forgotten; the agency, if there is one, hears that it was refused."""
    if halted is not None:
        await HalfWay(site.ports.one_time).finish(halted.name)
    if request.params().get("i") is None:
        return see_other(SIGN_IN)
    return await call_off(site, await errand(site, request, now), now)


def _page(site: Site, halted: Halted, why: Trouble, now: int) -> Answer:
    to = halted.to
    language = to.reader.language
    values: dict[str, Any] = {
        "alone": halted.alone,
        "another": to.at(SIGN_IN, other="yes"),
        "action": halted.at(paper=halted.paper),
        "csrf": site.csrf.token(to.flow, CODE, now),
        "optional": halted.optional,
        "passkey": to.at(SIGN_IN, **{"with": PASSKEY}) if halted.held.passkeys else "",
        "other": halted.at(paper=not halted.paper),
        "paper": halted.paper,
        "service": to.client and named(to.client, language),
        "wait": waiting(why.wait, language),
    }
    page = Page(
        template="sign_in_code.html",
        values=values,
        status=why.status,
        error=why.name,
        here=(CODE, halted.query(paper=halted.paper)),
        answers_to=to.answers_to,
        headers=why.headers(),
    )
    return site.builder.build(page, to.reader)
