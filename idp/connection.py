"""One HTTP connection, whose request heads may be neither endless nor for ever under way.

RFC 9110 section 5.4; RFC 9112 section 9.5. Any number of ordinary cookies fits in; more is somebody
filling our memory. How long a body may take is the application's affair.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from oidc.endpoints.body import PATIENCE

LONGEST_HEAD = 256 * 1024


class Connection(HttpToolsProtocol):
    """Counts what arrives until a head is complete, and for how long one is waited for."""

    patience: ClassVar[float] = PATIENCE
    _arrived = 0
    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the class above
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._arrived += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._arrived > LONGEST_HEAD:
            self.send_400_response("The head of the request is too long.")
        elif self.cycle is None or self.cycle.response_complete:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._arrived = 0
        self._stop_waiting()

    def on_body(self, body: bytes) -> None:
        self._arrived = 0
        super().on_body(body)

    def _wait_for_head(self) -> None:
        if self._end is None:
            self._end = self.loop.call_later(self.patience, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
