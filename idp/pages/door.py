"""Where a sign-in leads: on with what a service asked, to the account, or back to a page of it.

OpenID Connect Core section 3.1.2.3; RFC 9700 section 4.11: to addresses of our own alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from clients.model import Client
from idp.pages.errand import Errand, errand
from idp.pages.paths import ACCOUNT, SIGN_IN
from idp.pages.reader import Reader
from idp.pages.site import Site
from idp.sessions.devices import Device
from idp.sessions.label import label
from idp.sessions.start import Started
from oidc.authorize.choice import Choice
from oidc.authorize.interaction import Interactions
from oidc.endpoints.cookies import BROWSER, DEVICE, flow_of, keep_cookie, set_cookie
from oidc.endpoints.message import Answer, Header, Request, see_other
from oidc.errors import InvalidRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """``errand``: of a service; none when somebody comes for their account.

    ``again``: to a page of the account that is shown only to who signed in just now. ``other``:
    whoever is signed in here is not the one who comes.
    """

    flow: str
    reader: Reader
    query: Mapping[str, str]
    leads_to: str
    device: Device
    again: bool = False
    other: bool = False
    errand: Errand | None = None
    cookies: tuple[Header, ...] = ()

    @property
    def client(self) -> Client | None:
        return self.errand.client if self.errand else None

    @property
    def hint(self) -> str:
        """The personal number that the service fills in."""
        return (self.errand and self.errand.interaction.request.login_hint) or ""

    @property
    def answers_to(self) -> tuple[str, ...]:
        return self.errand.answers_to if self.errand else ()

    def at(self, path: str, **more: str) -> str:
        """A page on the way through this door."""
        query = {**self.query, **more}
        return f"{path}?{urlencode(query)}" if query else path


async def door(site: Site, request: Request, now: int) -> Door:
    """Raises ``InteractionExpired``, and ``InvalidRequest`` for a page that is none."""
    if request.params().get("i") is None:
        return _to_the_account(site, request)
    found = await errand(site, request, now)
    other = _other(request)
    return Door(
        flow=found.flow,
        reader=found.reader,
        query={**found.query, **other},
        other=bool(other),
        leads_to=found.resume,
        device=device_of(request),
        errand=found,
    )


def _to_the_account(site: Site, request: Request) -> Door:
    params = request.params()
    again, room = params.get("again"), params.get("to")
    if not {again, room} <= {None, *site.account_pages}:
        raise InvalidRequest("no page of the account")
    flow, cookies = flow_of(request)
    other = _other(request) if again else {}
    named = {name: it for name, it in (("again", again), ("to", room)) if it}
    return Door(
        flow=flow,
        reader=site.builder.reader(request),
        query={**named, **other},
        other=bool(other),
        leads_to=again or room or ACCOUNT,
        device=device_of(request),
        again=again is not None,
        cookies=cookies,
    )


def _other(request: Request) -> Mapping[str, str]:
    return {"other": "yes"} if request.params().get("other") else {}


async def enter(site: Site, to: Door, started: Started, now: int) -> Answer:
    """Through the door, with the browser's new secret: not before it was told of a new browser.

    A service's errand goes on as this person, whoever else is signed in here, or signs in
    meanwhile in another tab.
    """
    if to.errand:
        choice = Choice(started.account_id)
        await Interactions(site.ports.one_time).choose(to.errand.interaction, choice)
    known_by = await site.devices.enter(to.device, started.account_id, now)
    secrets = set_cookie(BROWSER, started.browser_secret), keep_cookie(DEVICE, known_by)
    return see_other(to.leads_to, *secrets)


def device_of(request: Request) -> Device:
    """Its secret goes back to it as it came, so it is one of ours or none."""
    secret = request.cookie(DEVICE)
    known = secret if secret and _SECRET.fullmatch(secret) else None
    return Device(known, label(request.header(b"user-agent") or ""))


def sign_in_first(path: str) -> Answer:
    """To the sign-in, which leads to ``path``, a page of the account."""
    return see_other(SIGN_IN if path == ACCOUNT else f"{SIGN_IN}?{urlencode({'to': path})}")


def sign_in_again(path: str) -> str:
    """The address that leads back to ``path``, a page of the account, after signing in anew."""
    return f"{SIGN_IN}?{urlencode({'again': path})}"


_SECRET = re.compile("[A-Za-z0-9_-]{43}")
