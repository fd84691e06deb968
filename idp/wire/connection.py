"""One HTTP connection, whose request heads may be neither endless nor for ever under way.

RFC 9110 section 5.4; RFC 9112 section 9.5. Any number of ordinary cookies fits in; more is somebody
filling our memory. How long a body may take is the application's affair.

What the server's own class does for every request is done here with less: no timers set and taken
back, and nothing for protocols that are not spoken here.
"""

import asyncio
from collections import deque
from math import inf
from typing import ClassVar
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from idp.wire.exchange import Exchange
from idp.wire.target import target
from oidc.endpoints.body import PATIENCE

LONGEST_HEAD = 256 * 1024
UNREADABLE = "Invalid HTTP request received."
OFTEN = 0.05  # seconds between two looks at the clock, at least


class Connection(HttpToolsProtocol):
    """Counts what arrives until a head is complete, and for how long one is waited for.

    One timer looks now and then whether the time has come; each request moves that time.
    """

    patience: ClassVar[float] = PATIENCE
    cycle: Exchange
    _arrived = 0
    _whole = True  # what was last asked has come to its end
    _closes_at = inf
    _timer: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the class above
        super().connection_made(transport)
        self._next = deque[Exchange]()
        self._often = max(OFTEN, min(self.patience, self.timeout_keep_alive))
        self._closes_at = self.loop.time() + self.patience
        self._timer = self.loop.call_later(self._often, self._look_at_the_clock)

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        begins = not self._arrived
        self._arrived += len(data)
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:
            self._unsupported_upgrade_warning()
        except HttpParserError:
            self.logger.warning(UNREADABLE)
            self.send_400_response(UNREADABLE)
        if not self._arrived or self.transport.is_closing():
            return
        if self._arrived > LONGEST_HEAD:
            self.send_400_response("The head of the request is too long.")
        elif begins and self._whole and self.cycle is not None and self.cycle.response_complete:
            self._closes_at = self.loop.time() + self.patience

    def on_message_begin(self) -> None:
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        self._arrived, self._whole = 0, False
        self._closes_at = inf
        version = self.parser.get_http_version()
        self._describe(version)
        before = self.cycle
        keep_alive = version != "1.0" and self.parser.should_keep_alive()
        self.cycle = Exchange(self, keep_alive=keep_alive)
        if before is None or before.response_complete:
            self._start(self.cycle)
        else:
            self.flow.pause_reading()
            self._next.append(self.cycle)

    def _describe(self, version: str) -> None:
        """The ASGI specification's scope."""
        raw_path, query = target(self.url)
        path = raw_path.decode("ascii")
        self.scope = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": version,
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme or "",
            "root_path": self.root_path,
            "headers": self.headers,
            "state": self.app_state.copy(),
            "method": self.parser.get_method().decode("ascii"),
            "raw_path": raw_path,
            "path": unquote(path) if "%" in path else path,
            "query_string": query,
        }
        self.headers = []  # what comes after a body is no header: RFC 9110 section 6.5.1

    def _start(self, exchange: Exchange) -> None:
        # Named by ourselves: to make up a name for each costs a third of what else a task costs.
        exchange.task = asyncio.Task(exchange.run_asgi(self.app), loop=self.loop, name="request")
        self.tasks.add(exchange.task)

    def on_body(self, body: bytes) -> None:
        self._arrived = 0
        if self.cycle.response_complete:
            return
        self.cycle.body += body
        if len(self.cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        self.cycle.came()

    def on_message_complete(self) -> None:
        self._arrived, self._whole = 0, True
        if not self.cycle.response_complete:
            self.cycle.more_body = False
            self.cycle.came()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            self.flow.resume_reading()
        if self._next:
            self._start(self._next.popleft())
        else:
            self._closes_at = self.loop.time() + self.timeout_keep_alive

    def _look_at_the_clock(self) -> None:
        if self.loop.time() >= self._closes_at:
            self.transport.close()
        else:
            self._timer = self.loop.call_later(self._often, self._look_at_the_clock)
