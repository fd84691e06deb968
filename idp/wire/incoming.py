"""The body of a request, on its way in. RFC 9110 sections 6.4 and 10.1.1."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class _Unheard(asyncio.Event):
    """Stands where nobody waits."""

    def set(self) -> None:
        pass


_UNHEARD = _Unheard()


class Incoming(RequestResponseCycle):
    """An event is made only for who really has to wait, which is hardly anybody."""

    message_event: asyncio.Event = _UNHEARD
    disconnected = False
    response_complete = False
    more_body = True
    _came = False

    def came(self) -> None:
        """More of the body, or its end."""
        self._came = True
        self.message_event.set()

    def at_hand(self) -> bytes | None:
        """``oidc.asgi.at_hand``: what ``receive`` would give, if that is all that is left."""
        if self.more_body or not self._came or self.waiting_for_100_continue or self.disconnected:
            return None
        self._came = False
        body, self.body = bytes(self.body), bytearray()  # it may hold a password
        return body

    async def receive(self) -> Any:
        if self.waiting_for_100_continue and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.waiting_for_100_continue = False
        if not (self.disconnected or self.response_complete):
            self.flow.resume_reading()
            if not self._came:
                await self._wait()
            self._came = False
        if self.disconnected or self.response_complete:
            return {"type": "http.disconnect"}
        body, self.body = bytes(self.body), bytearray()
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    async def _wait(self) -> None:
        if self.message_event is _UNHEARD:
            self.message_event = asyncio.Event()
        try:
            await self.message_event.wait()
        finally:
            self.message_event = _UNHEARD
