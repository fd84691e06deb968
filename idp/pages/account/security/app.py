"""Adding an authenticator app, which counts once it has shown a code; and removing it.

RFC 6238; NIST SP 800-63B-4 sections 3.1.4 and 4.1.2. Until then its secret waits in the one-time
store, under the ``e`` of the page, for this browser alone.
"""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import segno
from markupsafe import Markup

from idp.authentication.totp import address, new_shared_secret, typed
from idp.pages.account.news import tell
from idp.pages.account.owner import room
from idp.pages.account.security.codes import show_codes
from idp.pages.account.security.proven import Proven, proven, proven_by_form
from idp.pages.builder import Page
from idp.pages.entry.trouble import MISSING, NO_TROUBLE, Trouble
from idp.pages.paths import APP, APP_REMOVE, SECURITY
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other
from oidc.waiting import Waiting
from store.database import Conflict, Unchanged

WRONG = Trouble(name="wrong_code", status=HTTPStatus.BAD_REQUEST)
_LAST = 3  # digits of the personal number, to tell two people's accounts apart in one app


async def show(site: Site, request: Request, now: int) -> Answer:
    person = await proven(site, request, APP, now)
    if isinstance(person, Answer):
        return person
    if person.held.totp:
        return see_other(SECURITY)
    name = request.params().get("e") or ""
    secret = await _waiting(site, person, name)
    if secret is not None:
        return await _page(site, person, (name, secret), NO_TROUBLE)
    content = person.account_id.encode() + b" " + new_shared_secret()
    name = await Waiting("app", site.ports.one_time).begin(content, person.who.secret, now)
    return see_other(f"{APP}?{urlencode({'e': name})}")


async def submit(site: Site, request: Request, now: int) -> Answer:
    """The code shows that the app holds the secret."""
    form, person = await proven_by_form(site, request, APP, now)
    if isinstance(person, Answer):
        return person
    name, code = form.need("e"), form.get("code")
    secret = await _waiting(site, person, name)
    if secret is None:
        return see_other(APP)
    if code is None:
        return await _page(site, person, (name, secret), MISSING)
    try:
        codes = await site.security.changes.add_app(person.who.session, secret, code, now)
    except (Conflict, Unchanged):
        return see_other(SECURITY)
    if codes is None:
        return await _page(site, person, (name, secret), WRONG)
    await Waiting("app", site.ports.one_time).finish(name)
    return show_codes(site, person, codes, first=True)


async def ask(site: Site, request: Request, now: int) -> Answer:
    """What removing it means, before it is done."""
    person = await proven(site, request, APP_REMOVE, now)
    if isinstance(person, Answer):
        return person
    if not person.held.totp:
        return see_other(SECURITY)
    values = {"held": person.held}
    return room(site, person.who, "security_app_remove.html", values, (APP_REMOVE, {}))


async def remove(site: Site, request: Request, now: int) -> Answer:
    _, person = await proven_by_form(site, request, APP_REMOVE, now)
    if isinstance(person, Answer):
        return person
    done = await site.security.changes.remove_app(person.who.session, now)
    return await tell(site, person.account_id, {"done": "removed" if done else ""}, SECURITY)


async def _waiting(site: Site, person: Proven, name: str) -> bytes | None:
    """The secret of an app that is being added by this person in this browser."""
    held = await Waiting("app", site.ports.one_time).load(name, person.who.secret)
    owner, _, secret = held.content.partition(b" ") if held else (b"", b"", b"")
    return secret if owner.decode() == person.account_id else None


async def _page(site: Site, person: Proven, app: tuple[str, bytes], why: Trouble) -> Answer:
    name, secret = app
    number, language = (
        await site.security.accounts.number_of(person.account_id),
        person.who.language,
    )
    uri = address(secret, f"…{number[-_LAST:]}", language.gettext("Một Cửa"))
    drawn = segno.make(uri, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    values: dict[str, Any] = {
        "csrf": site.csrf.token(person.who.secret, APP, person.who.now),
        "name": name,
        "picture": Markup(drawn),  # noqa: S704  drawn by us, of squares alone
        "secret": typed(secret),
    }
    page = Page(
        template="security_app.html",
        values=values,
        status=why.status,
        error=why.name,
        here=(APP, {"e": name}),
    )
    return site.builder.build(page, person.who.reader)
