"""Sign in by personal number and password.

NIST SP 800-63B-4 section 3.2.2; OpenID Connect Core section 3.1.2.1 (``login_hint``: it fills in
the number and never signs anybody in). What is said does not depend on whether the number has an
account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from clients.model import Client
from idp.accounts.person import personal_number
from idp.authentication.pool import Busy
from idp.authentication.sign_in import Guess, Refused
from idp.pages.builder import Page, Reader
from idp.pages.errand import errand
from idp.pages.paths import ACCOUNT, SIGN_IN
from idp.pages.site import Site
from idp.pages.values import named, waiting
from idp.sessions.label import label
from idp.sessions.start import Started
from oidc.authorize.respond import denied
from oidc.endpoints.cookies import BROWSER, flow_of, set_cookie
from oidc.endpoints.message import Answer, Header, Request, see_other
from oidc.errors import InvalidRequest
from oidc.params import Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """``client``: whose service it leads to; none when somebody comes for their account."""

    flow: str
    reader: Reader
    query: Mapping[str, str]
    leads_to: str
    client: Client | None = None
    hint: str = ""
    answers_to: tuple[str, ...] = ()
    cookies: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why the page is shown again."""

    name: str
    status: int
    wait: int = 0


NO_TROUBLE = Trouble(name="", status=HTTPStatus.OK)
MISSING = Trouble(name="incomplete", status=HTTPStatus.BAD_REQUEST)
BUSY = Trouble(name="temporarily_unavailable", status=HTTPStatus.SERVICE_UNAVAILABLE, wait=5)


async def show(site: Site, request: Request, now: int) -> Answer:
    door = await _door(site, request, now)
    return _page(site, door, NO_TROUBLE, door.hint)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = request.form().sound()
    door = await _door(site, request, now)
    site.csrf.check(request, form.get("csrf"), door.flow)
    if form.need("action") == "cancel":
        return await _cancel(site, request, now)
    if form.need("action") != "password":
        raise InvalidRequest("unknown action")
    return await _attempt(site, request, door, form, now)


async def _door(site: Site, request: Request, now: int) -> Door:
    if request.params().get("i") is None:
        flow, cookies = flow_of(request)
        reader = site.builder.reader(request)
        return Door(flow=flow, reader=reader, query={}, leads_to=ACCOUNT, cookies=cookies)
    found = await errand(site, request, now)
    return Door(
        flow=found.flow,
        reader=found.reader,
        query=found.query,
        leads_to=found.resume,
        client=found.client,
        hint=found.interaction.request.login_hint or "",
        answers_to=found.answers_to,
    )


async def _cancel(site: Site, request: Request, now: int) -> Answer:
    found = await errand(site, request, now)
    return see_other(await denied(found.interaction, site.ports, now))


async def _attempt(site: Site, request: Request, door: Door, form: Params, now: int) -> Answer:
    identifier, password = form.get("identifier"), form.get("password")
    if identifier is None or password is None:
        return _page(site, door, MISSING, identifier or "")
    guess = Guess(
        identifier=identifier,
        password=password,
        browser_secret=request.cookie(BROWSER),
        label=label(request.header(b"user-agent") or ""),
    )
    try:
        outcome = await site.sign_in.attempt(guess, now)
    except Busy:
        return _page(site, door, BUSY, identifier)
    if isinstance(outcome, Started):
        return see_other(door.leads_to, set_cookie(BROWSER, outcome.browser_secret))
    return _page(site, door, _trouble(outcome), identifier)


def _trouble(refused: Refused) -> Trouble:
    if refused.off:
        return Trouble(name="password_off", status=HTTPStatus.TOO_MANY_REQUESTS)
    if refused.wait:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return Trouble(name="too_many_attempts", status=status, wait=refused.wait)
    return Trouble(name="wrong_credentials", status=HTTPStatus.BAD_REQUEST)


def _page(site: Site, door: Door, trouble: Trouble, identifier: str) -> Answer:
    language = door.reader.language
    retry = (b"retry-after", str(trouble.wait).encode())
    values: dict[str, Any] = {
        "action": f"{SIGN_IN}?{urlencode(door.query)}" if door.query else SIGN_IN,
        "csrf": site.csrf.token(door.flow),
        "identifier": personal_number(identifier) or "",  # nothing else is ever said again
        "service": door.client and named(door.client, language),
        "wait": waiting(trouble.wait, language),
    }
    page = Page(
        template="sign_in.html",
        values=values,
        status=trouble.status,
        error=trouble.name,
        here=(SIGN_IN, door.query),
        answers_to=door.answers_to,
        headers=(*door.cookies, *((retry,) if trouble.wait else ())),
    )
    return site.builder.build(page, door.reader)
