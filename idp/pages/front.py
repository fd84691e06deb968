"""How pages hang in the application, and how whatever is refused becomes a page.

The pages of the table are answered here, by exact address, as the protocol's endpoints are; what
has no fixed address, and what there is not, is the frame's behind it (docs/adr/0001). RFC 9110
sections 9.3.2 (HEAD) and 15.5.6 (methods).
"""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from idp.pages.problems import NotFound
from idp.pages.routes import ROUTES
from idp.pages.service import logo
from idp.pages.site import Site, View
from idp.pages.static import PREFIX
from ledger.kinds import RequestRefused, Watch
from oidc.asgi import Receive, Scope, Send, whole
from oidc.endpoints.body import arrived
from oidc.endpoints.http import SNIFF, Besides, deliver
from oidc.endpoints.message import Answer, Header, Request
from oidc.endpoints.refusal import again, as_refusal
from oidc.errors import MethodNotAllowed
from store.micros import Clock

ELSEWHERE = "elsewhere"
BESIDES = Besides(SNIFF)


class Front:
    """``patience``: how many seconds a form may take to come. ``frame`` has what is not here."""

    def __init__(
        self, site: Site, clock: Clock, watch: Watch, frame: FastAPI, patience: float
    ) -> None:
        self._pages = {route.path: route.views() for route in ROUTES}
        self._site = site
        self._clock = clock
        self._watch = watch
        self._frame = frame
        self._patience = patience
        frame.add_route(PREFIX + "{name}", self._within(PREFIX, static), methods=["GET"])
        frame.add_route(
            logo.PREFIX + "{name}", self._within(logo.PREFIX, logo.show), methods=["GET"]
        )
        frame.add_exception_handler(HTTPException, self._astray)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        views = self._pages.get(scope["path"]) if scope["type"] == "http" else None
        if views is None:
            await self._frame(scope, receive, send)
            return
        request = asked(scope)
        answer = await self._answer(views, request, receive, request.path)
        if not whole(send)(answer.status, answer.headers, BESIDES.lines, answer.body):
            await deliver(answer, BESIDES, request, send)

    async def _answer(
        self, views: Mapping[str, View], request: Request, receive: Receive, path: str
    ) -> Answer:
        """HEAD is a GET whose body is dropped. ``path``: how the log may name it."""
        view = views.get("GET" if request.method == "HEAD" else request.method, not_allowed)
        try:
            whole = await arrived(request, receive, self._patience)
            return await view(self._site, whole, self._clock())
        except Exception as error:  # noqa: BLE001 - as_refusal logs what it does not know
            answer = self._refusal(error, request, path)
            return answer.saying(allow(views)) if view is not_allowed else answer

    def _refusal(self, error: Exception, request: Request, path: str = ELSEWHERE) -> Answer:
        """A page about it, and a word to whoever watches: of addresses only those we know."""
        refused = as_refusal(error)
        told = RequestRefused(endpoint=path, error=refused.code, detail=refused.detail)
        self._watch(told)
        return self._site.problems.own(refused, request).saying(*again(refused))

    def _within(self, prefix: str, view: View) -> Callable[[HttpRequest], Awaitable[Response]]:
        """What the frame calls for an address that begins so."""

        async def answer(http: HttpRequest) -> Response:
            found = await self._answer({"GET": view}, asked(http.scope), http.receive, prefix)
            return theirs(found)

        return answer

    async def _astray(self, http: HttpRequest, error: Exception) -> Response:
        """No such page, or a page that does not take this method."""
        if isinstance(error, HTTPException) and error.status_code == MethodNotAllowed.status:
            answer = self._refusal(MethodNotAllowed("method not allowed"), asked(http.scope))
            return theirs(answer, error.headers)
        return theirs(self._refusal(NotFound("no such page"), asked(http.scope)))


async def static(site: Site, request: Request, now: int) -> Answer:
    """The sheet and the mark."""
    answer = await site.static.answer(request)
    if answer is None:
        raise NotFound("no such file")
    return answer


async def not_allowed(site: Site, request: Request, now: int) -> Answer:
    raise MethodNotAllowed("method not allowed")


def allow(views: Mapping[str, View]) -> Header:
    methods = {*views, "HEAD"} if "GET" in views else views
    return (b"allow", ", ".join(sorted(methods)).encode())


def asked(scope: Scope) -> Request:
    path, query = scope["path"], scope["query_string"]
    return Request(scope["method"], path, query, scope["headers"])


def theirs(answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(answer.body, answer.status, headers)
    response.raw_headers += [*answer.headers, SNIFF]
    return response
