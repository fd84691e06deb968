"""One request and its answer, which nearly always leaves in one piece. RFC 9112 sections 3 to 6.

The server's own class writes head and body apart and looks at each header by itself, which costs as
much as many an endpoint. Whatever is out of the ordinary still goes its way.
"""

import asyncio
import logging
from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from idp.wire.answer import LENGTH, written
from idp.wire.incoming import Incoming
from oidc.asgi import Asgi, Header, Message

_BARE = frozenset({204, 304})


class Exchange(Incoming):
    """The way out: by messages, of which the head is kept until the body is known, or as a whole.

    What hardly any request changes belongs to the class, so that it is not set up for each.
    """

    logger = logging.getLogger("uvicorn.error")
    access_log = False
    response_started = False
    chunked_encoding = None
    expected_content_length = 0
    task: asyncio.Task[None]
    _head: Message | None = None

    def __init__(self, connection: HttpToolsProtocol, *, keep_alive: bool) -> None:
        self.scope = connection.scope
        self.transport = connection.transport
        self.flow = connection.flow
        self.default_headers = connection.server_state.default_headers
        self.on_response = connection.on_response_complete
        self.waiting_for_100_continue = connection.expect_100_continue
        self.keep_alive = keep_alive
        self.body = bytearray()
        self._tasks = connection.tasks

    async def run_asgi(self, app: Asgi) -> None:  # type: ignore[override]  # oidc.asgi's words
        """As the class above has it; but a task that ends takes itself off the server's list.

        One that is cancelled before it began stays there: only a server that ends cancels any.
        """
        try:
            await app(self.scope, self.receive, self)  # type: ignore[arg-type]  # as above
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            await self._give_up()
        else:
            if not (self.response_complete or self.disconnected):
                missing = "completing" if self.response_started else "starting"
                self.logger.error("ASGI callable returned without %s response.", missing)
                await self._give_up()
        finally:
            self.on_response = _nothing
            self._tasks.discard(self.task)

    async def _give_up(self) -> None:
        if self.response_started:
            self.transport.close()
        else:
            await self.send_500_response()

    async def send(self, message: Message) -> None:  # type: ignore[override]  # as above
        if not self.response_started and message["type"] == "http.response.start":
            self._head, self.response_started = message, True
            return
        head, self._head = self._head, None
        if head is not None:
            self.response_started = False
            if not message.get("more_body") and self._at_once(head, message["body"]):
                return
            await super().send(head)  # type: ignore[arg-type]  # as above
        await super().send(message)  # type: ignore[arg-type]  # as above

    __call__ = send

    def _at_once(self, head: Message, body: bytes) -> bool:
        headers, length = [*head["headers"]], (LENGTH, b"%d" % len(body))
        if length not in headers:
            return False
        headers.remove(length)
        return self.whole(head["status"], headers, b"", body)

    def whole(self, status: int, headers: Iterable[Header], lines: bytes, body: bytes) -> bool:
        """Whether it was an ordinary answer, and so has been sent. ``oidc.asgi.Whole``."""
        if self.response_started or self.disconnected or self.flow.write_paused:
            return False
        if not self.keep_alive or status in _BARE or self.scope["method"] == "HEAD":
            return False
        answer = written(status, [*self.default_headers, *headers], lines, body)
        if answer is None:
            return False
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(answer)
        self.message_event.set()
        self.on_response()
        return True


def _nothing() -> None:
    """What is left to be done after an answer that was given."""
