"""Around everything: a request's id, its line in the log, its figures, and what proxies say.

Pure ASGI. The id of a request comes from a trusted proxy or is made here, and goes out with the
answer. What only a proxy may say (RFC 7239 and its forerunners) is dropped when others say it.
"""

import re
from collections.abc import Awaitable, Container, Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from itertools import count
from secrets import token_hex

import structlog

from clients.networks import unmapped
from idp import logs
from idp.logs import REQUEST_ID
from idp.metrics import requests
from oidc.asgi import Asgi, Header, Message, Receive, Scope, Send, at_hand, whole
from oidc.endpoints.http import NAMED_AS
from store.micros import SECOND, Clock

Networks = tuple[IPv4Network | IPv6Network, ...]

_ID = b"x-request-id"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_GOOD_ID = re.compile(rb"[A-Za-z0-9._:-]{8,64}")
_FOR_PROXIES = frozenset(
    {
        _ID,
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-proto",
        b"x-real-ip",
    }
)
_FAULT = (500, [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")], b"A fault.\n")

_LOG = structlog.get_logger("motcua")


class Observed:
    """``endpoints``: the paths that are named in the log and the figures; others are *other*."""

    def __init__(
        self, app: Asgi, clock: Clock, endpoints: Container[str], trusted: Networks
    ) -> None:
        self._app = app
        self._clock = clock
        self._endpoints = endpoints
        self._trusts = lru_cache(maxsize=1024)(lambda host: within(host, trusted))
        self._prefix = token_hex(6)
        self._count = count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._identify(scope)
        REQUEST_ID.set(request_id)
        started = self._clock()
        answer = _Answer(send, request_id)
        try:
            await self._app(scope, receive, answer)
        except Exception:  # noqa: BLE001  whatever it is: told by its place, never by its message
            _LOG.exception("fault")
            await answer.fault()
        self._tell(scope, answer.status, started)

    def _identify(self, scope: Scope) -> str:
        peer = scope["client"]
        headers = scope["headers"]
        if peer is not None and self._trusts(peer[0]):
            for name, value in headers:
                if name == _ID and _GOOD_ID.fullmatch(value):
                    return str(value.decode())
        elif not _FOR_PROXIES.isdisjoint([name for name, _ in headers]):
            scope["headers"] = [pair for pair in headers if pair[0] not in _FOR_PROXIES]
        return f"{self._prefix}-{next(self._count):x}"

    def _tell(self, scope: Scope, status: int, started: int) -> None:
        now, path, method = self._clock(), scope["path"], scope["method"]
        endpoint = path if path in self._endpoints else scope.get(NAMED_AS, "other")
        took = now - started
        requests(endpoint, status).observe(took / SECOND)
        logs.request(method if method in _METHODS else "other", endpoint, status, now, took)


class _Answer:
    """The way out: remembers the status, adds the id."""

    __slots__ = ("_id", "_send", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = request_id.encode()
        self.status = 0

    def __call__(self, message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            message["headers"] = [*message["headers"], (_ID, self._id)]
        return self._send(message)

    def whole(self, status: int, headers: Iterable[Header], lines: bytes, body: bytes) -> bool:
        said = b"%b%b: %b\r\n" % (lines, _ID, self._id)
        if not whole(self._send)(status, headers, said, body):
            return False
        self.status = int(status)  # an enumeration's is slow to write
        return True

    def at_hand(self) -> bytes | None:
        return at_hand(self._send)()

    async def fault(self) -> None:
        """Nothing of it goes out, unless an answer was under way already."""
        if self.status:
            return
        status, headers, body = _FAULT
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})


def within(host: str, networks: Networks) -> bool:
    """An IPv4 address counts in either of its forms, and so does a network."""
    try:
        said = ip_address(host)
    except ValueError:
        return False
    forms = {said, unmapped(said)}
    return any(it in network for network in networks for it in forms)
