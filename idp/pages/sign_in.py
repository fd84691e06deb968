"""Sign in by passkey, or by personal number and password; or do what is missing to go on.

NIST SP 800-63B-4 section 3.2.2; OpenID Connect Core section 3.1.2.1 (``login_hint``: it fills in
the number and never signs anybody in). What is said does not depend on whether the number has an
account.
"""

from dataclasses import replace

from idp.authentication.half_way import Half
from idp.authentication.pool import Busy
from idp.authentication.refused import Refused
from idp.authentication.sign_in import Guess
from idp.pages.door import Door, door, enter
from idp.pages.entry import trouble
from idp.pages.entry.code import PASSKEY, ask_code
from idp.pages.entry.form import sign_in_form, too_weak
from idp.pages.entry.need import missing, without_more
from idp.pages.entry.passkey import by_passkey
from idp.pages.entry.trouble import BUSY, MISSING, NO_TROUBLE, Trouble
from idp.pages.errand import call_off, errand
from idp.pages.site import Site
from idp.sessions.label import label
from idp.sessions.start import Started
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InvalidRequest, UnmetAuthenticationRequirements
from oidc.params import Params


async def show(site: Site, request: Request, now: int) -> Answer:
    to = await door(site, request, now)
    need = await missing(site, request, to, now)
    if need.done and not to.other:
        return see_other(to.leads_to)
    if need.half and request.params().get("with") != PASSKEY:
        return await ask_code(site, to, need.half, now)
    if need.half:
        to = replace(to, query={**to.query, "with": PASSKEY})
    if need.out_of_reach and not to.other:
        return await too_weak(site, to, need, now)
    return await sign_in_form(site, to, need, replace(NO_TROUBLE, typed=to.hint), now)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    to = await door(site, request, now)
    match form.need("action"):
        case "password":
            return await _attempt(site, request, to, form, now)
        case "passkey":
            outcome = await by_passkey(site, request, to, form, now)
            return await _once_more(site, request, to, outcome, now)
        case "cancel":
            return await _cancel(site, request, to, now)
        case "as_is":
            await without_more(site, request, to, now)
            return see_other(to.leads_to)
    raise InvalidRequest("unknown action")


async def _cancel(site: Site, request: Request, to: Door, now: int) -> Answer:
    need = await missing(site, request, to, now)
    unmet = UnmetAuthenticationRequirements(f"out of reach: {need.out_of_reach}")
    one = await errand(site, request, now)
    return await call_off(site, one, now, unmet if need.out_of_reach else None)


async def _attempt(site: Site, request: Request, to: Door, form: Params, now: int) -> Answer:
    identifier, password = await _identifier(site, request, form, now), form.get("password")
    guess = Guess(
        identifier=identifier or "",
        password=password or "",
        browser_secret=request.cookie(BROWSER),
        label=label(request.header(b"user-agent") or ""),
    )
    try:
        outcome = await site.sign_in.attempt(guess, now) if identifier and password else MISSING
    except Busy:
        outcome = BUSY
    if isinstance(outcome, Started):
        return await enter(site, to, outcome, now)
    if isinstance(outcome, Half):
        return await ask_code(site, to, outcome, now)
    if isinstance(outcome, Refused):
        outcome = trouble.of(outcome, wrong="wrong_credentials", off="password_off")
    why = replace(outcome, typed=form.get("identifier") or "")
    return await _once_more(site, request, to, why, now)


async def _once_more(
    site: Site, request: Request, to: Door, outcome: Trouble | Answer, now: int
) -> Answer:
    """The page again, with what was wrong; or what came of it."""
    if not isinstance(outcome, Trouble):
        return outcome
    need = await missing(site, request, to, now)
    return await sign_in_form(site, to, need, outcome, now)


async def _identifier(site: Site, request: Request, form: Params, now: int) -> str | None:
    """What was typed; or the number of the person whom the page greeted, if they still are here."""
    typed, greeted = form.get("identifier"), form.get("who")
    if typed or not greeted:
        return typed
    here = await site.sessions.of_browser(request.cookie(BROWSER), now)
    account_id = next((it.account_id for it in here if it.session_id == greeted), None)
    return await site.sign_in.accounts.number_of(account_id) if account_id else None
