"""By a link that works once somebody becomes an officer: a name, a passkey, and in.

WebAuthn Level 3 section 7.1. The link is taken by the form alone: who only looks takes nothing.
"""

from dataclasses import replace
from http import HTTPStatus

from idp.authentication.passkeys import PasskeyRefused
from idp.authentication.passkeys.enrol import LONGEST_NAME, fit_name
from idp.officers.joining import Coming, LinkRefused
from idp.pages.builder import Page
from idp.pages.console.cookie import set_session
from idp.pages.console.paths import JOIN, KEYS
from idp.pages.entry.passkey import EXPIRED, REFUSED, SCRIPT
from idp.pages.entry.passkey import MISSING as NO_PASSKEY
from idp.pages.entry.trouble import MISSING, NO_TROUBLE, Trouble
from idp.pages.site import Site
from oidc.endpoints.cookies import flow_of
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import OAuthError


class LinkGone(OAuthError):
    """RFC 9110 section 15.5.11."""

    code = "link_gone"
    status = HTTPStatus.GONE
    public = "The link works no longer."


async def show(site: Site, request: Request, now: int) -> Answer:
    """Raises ``LinkGone``."""
    return await _form(site, request, request.params().get("link") or "", NO_TROUBLE, now)


async def submit(site: Site, request: Request, now: int) -> Answer:
    """Raises ``LinkGone``; whatever else is wrong leaves the link as it was."""
    form = request.form().sound()
    link, credential = form.need("link"), form.get("credential")
    typed = form.get("name") or ""
    name = fit_name(typed)
    flow, _ = flow_of(request)
    if not name or credential is None:
        why = MISSING if not name else NO_PASSKEY
        return await _form(site, request, link, replace(why, typed=typed), now)
    try:
        secret = await site.console.joining.join(Coming(link, credential, flow, name), now)
    except LinkRefused as refused:
        raise LinkGone("taken, run out, or followed by another") from refused
    except PasskeyRefused as refused:
        why = EXPIRED if refused.why == "expired" else REFUSED
        return await _form(site, request, link, replace(why, typed=name), now)
    return see_other(KEYS, set_session(secret))


async def _form(site: Site, request: Request, link: str, why: Trouble, now: int) -> Answer:
    flow, cookies = flow_of(request)
    try:
        options = await site.console.joining.options(link, flow, now)
    except LinkRefused as refused:
        raise LinkGone("taken, run out, or followed by another") from refused
    values = {
        "csrf": site.csrf.token(flow, JOIN, now),
        "options": options,
        "link": link,
        "name": why.typed,
        "longest": LONGEST_NAME,
    }
    page = Page(
        template="console_join.html",
        values=values,
        status=why.status,
        error=why.name,
        here=(JOIN, {"link": link}),
        headers=cookies,
        scripts=(SCRIPT,),
    )
    return site.builder.build(page, site.builder.reader(request))
