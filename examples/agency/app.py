"""An agency behind its address: a home page, a way to sign in, what it received, a way out."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from httpx2 import AsyncBaseTransport, HTTPError, HTTPStatusError
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from examples.agency.logout import NoLogoutToken
from examples.agency.model import Agency, Registration
from examples.agency.pages import Pages, healthz, language_of, style_sheet
from examples.agency.relying_party import LEVEL_2, OAuthError, RelyingParty
from examples.agency.visits import Visit, Visits

REFUSALS = (401, 403)
PLAIN = ("access_denied", "mismatching_state", "token_invalid")  # each has a page of its own
SESSION = 3600  # seconds
BACK_CHANNEL = "/backchannel-logout"
NEVER_KEPT = {"Cache-Control": "no-store"}

_LOG = logging.getLogger("agency")

Handler = Callable[[Request], Awaitable[Response]]


class Desk:
    """Each method answers one address."""

    def __init__(self, rp: RelyingParty, pages: Pages) -> None:
        self._rp, self._pages, self._visits = rp, pages, Visits()

    async def home(self, request: Request) -> Response:
        chosen = request.query_params.get("lang")
        if chosen in ("vi", "en"):
            request.session["language"] = chosen
        visit = self._visits.find(request.session.get("visit"))
        if visit is None:
            return self._pages.home(request)
        level_2 = visit.token["userinfo"].get("acr") == LEVEL_2
        return self._pages.received(request, visit.claims, level_2=level_2)

    async def login(self, request: Request) -> Response:
        """Also for whoever is sent here by the provider: OpenID Connect Core section 4."""
        if request.query_params.get("iss", self._rp.issuer) != self._rp.issuer:
            raise OAuthError("mismatching_issuer")
        surely = request.query_params.get("level") == "2"
        return await self._rp.send(request, language_of(request), surely=surely)

    async def callback(self, request: Request) -> Response:
        token = await self._rp.receive(request)
        visit = Visit(token, await self._rp.claims(token))
        self._visits.end(request.session.get("visit"))
        request.session["visit"] = self._visits.begin(visit)
        return RedirectResponse("/", 303)

    async def refresh(self, request: Request) -> Response:
        """Asks again, and forgets everything when the answer is no."""
        name = request.session.get("visit")
        visit = self._visits.find(name)
        if visit is not None:
            try:
                claims = await self._rp.claims(visit.token)
            except (OAuthError, HTTPStatusError) as error:
                if reason(error) != "unreachable":
                    self._visits.end(name)
                raise
            request.session["visit"] = self._visits.begin(Visit(visit.token, claims))
            self._visits.end(name)
        return RedirectResponse("/", 303)

    async def logout(self, request: Request) -> Response:
        visit = self._visits.end(request.session.pop("visit", None))
        if visit is None:
            return RedirectResponse("/", 303)
        return await self._rp.send_out(request, visit.token["id_token"], language_of(request))

    async def ended(self, request: Request) -> Response:
        """The provider says that somebody has signed out: Back-Channel Logout section 2.8."""
        form = parse_qs((await request.body()).decode(errors="replace"))
        try:
            self._visits.end_all(await self._rp.ended("".join(form.get("logout_token", []))))
        except NoLogoutToken:
            return JSONResponse({"error": "invalid_request"}, 400, headers=NEVER_KEPT)
        return Response(status_code=204, headers=NEVER_KEPT)

    async def said(self, request: Request) -> Response:
        """Always the same page; its address is its name in ``TOLD``."""
        return self._pages.told(request, request.url.path.strip("/").replace("-", "_"))

    async def refused(self, request: Request, error: Exception) -> Response:
        """Whatever went wrong between here and the provider, as a page."""
        what = reason(error)
        _LOG.warning("%s: %s", what, getattr(error, "error", None) or type(error).__name__)
        return self._pages.told(request, what)


def reason(error: Exception) -> str:
    """Its name in ``TOLD``."""
    if isinstance(error, HTTPStatusError) and error.response.status_code in REFUSALS:
        return "stopped"
    if isinstance(error, OAuthError):
        return error.error if error.error in PLAIN else "failed"
    return "unreachable" if isinstance(error, HTTPError) else "failed"


def routes(desk: Desk) -> dict[str, Handler]:
    return {
        "/": desk.home,
        "/login": desk.login,
        "/callback": desk.callback,
        "/refresh": desk.refresh,
        "/logout": desk.logout,
        "/signed-out": desk.said,
        "/privacy": desk.said,
        "/terms": desk.said,
        "/static/agency.css": style_sheet,
        "/healthz": healthz,
    }


def create(
    agency: Agency, registration: Registration, transport: AsyncBaseTransport | None = None
) -> Starlette:
    """The agency as an ASGI application. ``transport``: for a provider in the same process."""
    desk = Desk(RelyingParty(agency, registration, transport), Pages(agency, registration.issuer))
    app = Starlette(
        routes=[
            *(Route(path, it, methods=["GET"]) for path, it in routes(desk).items()),
            Route(BACK_CHANNEL, desk.ended, methods=["POST"]),
        ],
        exception_handlers=dict.fromkeys((OAuthError, JoseError, HTTPError), desk.refused),
    )
    app.router.redirect_slashes = False
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_urlsafe(32),
        session_cookie=agency.cookie,
        max_age=SESSION,
        https_only=registration.base_url.startswith("https:"),
    )
    return app
