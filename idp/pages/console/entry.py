"""Officers sign in, and prove once more who they are: by passkey, and by nothing else.

WebAuthn Level 3 section 7.2. A citizen's session or passkey counts for nothing here.
"""

from idp.authentication.passkeys import PasskeyRefused
from idp.pages.builder import Page
from idp.pages.console.cookie import set_session
from idp.pages.console.here import here, key_in, leads_to, room
from idp.pages.console.paths import KEYS, PROVE, SIGN_IN
from idp.pages.entry.passkey import EXPIRED, MISSING, REFUSED, SCRIPT
from idp.pages.entry.trouble import NO_TROUBLE, Trouble
from idp.pages.site import Site
from oidc.endpoints.cookies import flow_of
from oidc.endpoints.message import Answer, Request, see_other

TEMPLATE = "console_sign_in.html"


async def show(site: Site, request: Request, now: int) -> Answer:
    if await here(site, request, now):
        return see_other(KEYS)
    return await _form(site, request, NO_TROUBLE, now)


async def submit(site: Site, request: Request, now: int) -> Answer:
    credential = request.form().sound().get("credential")
    if credential is None:
        return await _form(site, request, MISSING, now)
    flow, _ = flow_of(request)
    try:
        secret = await site.console.entry.enter(credential, flow, now)
    except PasskeyRefused as refused:
        return await _form(site, request, _why(refused), now)
    return see_other(KEYS, set_session(secret))


async def _form(site: Site, request: Request, why: Trouble, now: int) -> Answer:
    flow, cookies = flow_of(request)
    values = {
        "csrf": site.csrf.token(flow, SIGN_IN, now),
        "passkey": await site.console.entry.options(flow, now),
        "action": SIGN_IN,
        "query": {},
        "back": "",
    }
    page = Page(
        template=TEMPLATE,
        values=values,
        status=why.status,
        error=why.name,
        here=(SIGN_IN, {}),
        headers=cookies,
        scripts=(SCRIPT,),
    )
    return site.builder.build(page, site.builder.reader(request))


async def show_again(site: Site, request: Request, now: int) -> Answer:
    """Before something is changed."""
    params = request.params()
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    if who.session.is_fresh(now):
        return see_other(leads_to(params))
    return await _again(site, request, NO_TROUBLE, now)


async def submit_again(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    credential = form.get("credential")
    if credential is None:
        return await _again(site, request, MISSING, now)
    try:
        secret = await site.console.entry.prove(credential, who.session, who.secret, now)
    except PasskeyRefused as refused:
        return await _again(site, request, _why(refused), now)
    return see_other(leads_to(form), set_session(secret))


async def _again(site: Site, request: Request, why: Trouble, now: int) -> Answer:
    who = await here(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    said = request.form().sound() if why.name else request.params()
    query = {name: it for name in ("to",) if (it := said.get(name))} | dict(key_in(said))
    page = Page(
        template=TEMPLATE,
        values={
            "passkey": await site.console.entry.options_again(who.session, who.secret, now),
            "action": PROVE,
            "query": query,
            "back": KEYS,
        },
        status=why.status,
        error=why.name,
        here=(PROVE, query),
        scripts=(SCRIPT,),
    )
    return room(site, who, page)


def _why(refused: PasskeyRefused) -> Trouble:
    return EXPIRED if refused.why == "expired" else REFUSED
