"""Every page, one line each; and how they hang in the application.

RFC 9110 sections 9.3.2 (HEAD) and 15.5.6 (methods). Whatever is refused becomes a page.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from idp.pages import decide, paths, sign_in, sign_out, signed_out
from idp.pages.account import activity, devices, home, passkeys, remove_passkey, services, stop
from idp.pages.account.security import app, codes, overview, password
from idp.pages.entry import choose, code
from idp.pages.gate.once import once
from idp.pages.paths import ACCOUNT, CHOOSE, CODE, DEVICES, PASSKEYS, SERVICES, SIGN_IN
from idp.pages.problems import NotFound
from idp.pages.service import logo
from idp.pages.site import Site, View
from idp.pages.static import PREFIX
from ledger.kinds import RequestRefused, Watch
from oidc.endpoints.body import arrived
from oidc.endpoints.cookies import BROWSER, FLOW
from oidc.endpoints.http import SNIFF
from oidc.endpoints.message import Answer, Request
from oidc.endpoints.refusal import again, as_refusal
from oidc.errors import MethodNotAllowed
from oidc.farewell import SIGNED_OUT
from store.micros import Clock


@dataclass(frozen=True, slots=True)
class Route:
    """``show`` answers GET and HEAD, ``submit`` POST, a form that is bound to ``cookie``."""

    path: str
    show: View | None = None
    submit: View | None = None
    cookie: str = BROWSER


ELSEWHERE = "elsewhere"
ROUTES = (
    Route("/", home.door),
    Route(SIGN_IN, sign_in.show, sign_in.submit, FLOW),
    Route(CODE, code.show, code.submit, FLOW),
    Route(CHOOSE, choose.show, choose.submit, FLOW),
    Route(decide.PATH, decide.show, decide.submit, FLOW),
    Route(ACCOUNT, home.show),
    Route(SERVICES, services.show),
    Route(stop.PATH, stop.show, stop.submit),
    Route(paths.ACTIVITY, activity.show),
    Route(activity.DOWNLOAD, activity.download),
    Route(DEVICES, devices.show, devices.end),
    Route(paths.SECURITY, overview.show),
    Route(paths.PASSWORD, password.show, password.submit),
    Route(paths.APP, app.show, app.submit),
    Route(paths.APP_REMOVE, app.ask, app.remove),
    Route(paths.CODES, codes.show, codes.submit),
    Route(PASSKEYS, passkeys.show, passkeys.submit),
    Route(remove_passkey.PATH, remove_passkey.show, remove_passkey.submit),
    Route("/sign-out", sign_out.show, sign_out.submit),
    Route(SIGNED_OUT, signed_out.show),
)
NOT_ALONE = {stop.PATH, activity.DOWNLOAD}  # says of what, or is no page
ACCOUNT_PAGES = frozenset(
    it.path for it in ROUTES if it.show and it.path.startswith(ACCOUNT)
).difference(NOT_ALONE)
"""To which a sign-in may lead."""


def install(app: FastAPI, site: Site, clock: Clock, watch: Watch, patience: float) -> None:
    """Every page, what they look like, and a page for whatever else is asked for.

    ``patience``: how many seconds a form may take to come.
    """
    front = Front(site, clock, watch, patience)
    for route in ROUTES:
        views = {"GET": route.show, "POST": route.submit and once(route.submit, route.cookie)}
        known = {method: view for method, view in views.items() if view is not None}
        app.add_route(route.path, front.endpoint(route.path, known), methods=list(known))
    sheet = front.endpoint(PREFIX, {"GET": static})
    app.add_route(PREFIX + "{name}", sheet, methods=["GET"])
    picture = front.endpoint(logo.PREFIX, {"GET": logo.show})
    app.add_route(logo.PREFIX + "{name}", picture, methods=["GET"])
    app.add_exception_handler(HTTPException, front.astray)


async def static(site: Site, request: Request, now: int) -> Answer:
    """The sheet and the mark."""
    answer = await site.static.answer(request)
    if answer is None:
        raise NotFound("no such file")
    return answer


class Front:
    """From the frame's request to ours, and from our answer to the frame's."""

    def __init__(self, site: Site, clock: Clock, watch: Watch, patience: float) -> None:
        self._site = site
        self._clock = clock
        self._watch = watch
        self._patience = patience

    def endpoint(
        self, path: str, views: Mapping[str, View]
    ) -> Callable[[HttpRequest], Awaitable[Response]]:
        """HEAD is a GET whose body the server drops."""

        async def answer(http: HttpRequest) -> Response:
            request = ours(http)
            view = views["GET" if request.method == "HEAD" else request.method]
            try:
                whole = await arrived(request, http.receive, self._patience)
                return theirs(await view(self._site, whole, self._clock()))
            except Exception as error:  # noqa: BLE001 - as_refusal logs what it does not know
                return theirs(self.refusal(error, request, path))

        return answer

    def refusal(self, error: Exception, request: Request, path: str = ELSEWHERE) -> Answer:
        """A page about it, and a word to whoever watches: of addresses only those we know."""
        refused = as_refusal(error)
        told = RequestRefused(endpoint=path, error=refused.code, detail=refused.detail)
        self._watch(told)
        page = self._site.problems.own(refused, request)
        return Answer(page.status, page.body, (*page.headers, *again(refused)))

    async def astray(self, http: HttpRequest, error: Exception) -> Response:
        """No such page, or a page that does not take this method."""
        if isinstance(error, HTTPException) and error.status_code == MethodNotAllowed.status:
            answer = self.refusal(MethodNotAllowed("method not allowed"), ours(http))
            return theirs(answer, error.headers)
        return theirs(self.refusal(NotFound("no such page"), ours(http)))


def ours(http: HttpRequest) -> Request:
    scope = http.scope
    path, query = scope["path"], scope["query_string"]
    return Request(scope["method"], path, query, scope["headers"])


def theirs(answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(answer.body, answer.status, headers)
    response.raw_headers += [*answer.headers, SNIFF]
    return response
