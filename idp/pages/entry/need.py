"""What is missing before somebody can go on, and from whom: no more than that is asked for.

OpenID Connect Core sections 3.1.2.1 (``prompt=login``, ``max_age``, ``acr_values``) and 5.5.1.1
(essential ``acr``): the engine's own thinking, asked again for the page. Whether a level can be
reached is known here: it is what the person's means and the account are good for.
"""

from dataclasses import dataclass

from idp.authentication.half_way import Half, after_session
from idp.authentication.means import Held
from idp.pages.door import Door
from idp.pages.errand import Errand
from idp.pages.site import Site
from idp.sessions.fresh import is_fresh
from idp.sessions.sql import LiveSession
from oidc.authorize.acr import needed_level, wished_level
from oidc.authorize.choice import Choice, whom
from oidc.authorize.decision import ANOTHER, NEEDED, WISHED, SignIn, decide
from oidc.authorize.interaction import Interactions
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Request
from oidc.errors import OAuthError

AGAIN, STRONGER, OTHER = "again", "stronger", "other"
BEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """``why`` signing in is asked for; ``known``: of whom, if that is clear.

    ``half``: the code alone is missing. ``out_of_reach``: what would help, where nothing that the
    person has is enough. ``optional``: the service only wishes it. ``done``: nothing is missing.
    """

    why: str = ""
    known: LiveSession | None = None
    held: Held | None = None
    half: Half | None = None
    out_of_reach: str = ""
    optional: bool = False
    done: bool = False


ANYBODY, DONE = Need(), Need(done=True)


async def missing(site: Site, request: Request, to: Door, now: int) -> Need:
    if to.errand:
        found = await _for_service(site, request, to.errand, now)
        return Need(why=found.why) if to.other and not found.done else found
    if not to.again or to.other:
        return ANYBODY
    session = await site.sessions.current(request.cookie(BROWSER), now)
    if session is None:
        return ANYBODY
    held = await site.sign_in.means.of(session.account_id)
    weak = is_fresh(session, 0, now) and not is_fresh(session, held.best(BEST), now)
    return Need(why=STRONGER if weak else AGAIN, known=session, held=held)


async def _for_service(site: Site, request: Request, one: Errand, now: int) -> Need:
    wish, secret = one.interaction.request, request.cookie(BROWSER)
    meant = whom(wish, one.interaction.choice)
    standing = await site.ports.people.standing(secret, one.client, meant, now)
    try:
        step = decide(wish, standing, now)
    except OAuthError:
        return DONE  # the service hears of it where the errand goes on
    if not isinstance(step, SignIn):
        return DONE
    here = await site.sessions.of_browser(secret, now)
    session_id = standing.session.session_id if standing.session else ""
    session = next((it for it in here if it.session_id == session_id), None)
    if session is None:
        return Need(why=STRONGER if needed_level(wish) > 1 else "")
    if step.why in {NEEDED, WISHED}:
        return await _more(site, one, session, step.why, now)
    if step.why == ANOTHER:
        return Need(why=OTHER)
    return Need(why=AGAIN, known=session, held=await site.sign_in.means.of(session.account_id))


async def _more(site: Site, one: Errand, session: LiveSession, why: str, now: int) -> Need:
    """More than the session is worth. A wish that cannot be met is none any more."""
    wish, account_id = one.interaction.request, session.account_id
    level = needed_level(wish) if why == NEEDED else wished_level(wish)
    account = await site.sign_in.accounts.find(account_id)
    held = await site.sign_in.means.of(account_id)
    good_for = account.level if account else 0
    if held.best(good_for) >= level:
        half, optional = after_session(session, held, now), why == WISHED
        return Need(why=STRONGER, known=session, held=held, half=half, optional=optional)
    if why == NEEDED:
        lacking = "means" if good_for >= level else "identity"
        return Need(why=STRONGER, known=session, held=held, out_of_reach=lacking)
    await go_on_as_is(site, one, account_id)
    return DONE


async def without_more(site: Site, request: Request, to: Door, now: int) -> None:
    """The service only wished for more, and the person would rather not."""
    need = await missing(site, request, to, now)
    if need.optional and need.known and to.errand:
        await go_on_as_is(site, to.errand, need.known.account_id)


async def go_on_as_is(site: Site, one: Errand, account_id: str) -> None:
    """With what is proven: the service hears what that is worth."""
    choice = Choice(account_id, as_is=True)
    await Interactions(site.ports.one_time).choose(one.interaction, choice)
