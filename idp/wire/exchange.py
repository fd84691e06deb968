"""One request and its answer, which nearly always leaves in one piece. RFC 9112 sections 3 to 6.

The server's own class writes head and body apart and looks at each header by itself, which costs as
much as many an endpoint. Whatever is out of the ordinary still goes its way.
"""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from oidc.asgi import Message

_NEVER = bytes([*range(9), *range(10, 32), 127])  # in a header: RFC 9110 section 5.5
_END = b"\r\n"
_LENGTH = b"content-length"
_BARE = frozenset({204, 304})
_OF_THE_CONNECTION = frozenset({b"connection", b"transfer-encoding"})


class Exchange(RequestResponseCycle):
    """Keeps the head until it knows the body."""

    _head: Message | None = None

    async def send(self, message: Message) -> None:  # type: ignore[override]  # oidc.asgi's words
        if not self.response_started and message["type"] == "http.response.start":
            self._head, self.response_started = message, True
            return
        head, self._head = self._head, None
        if head is not None:
            if self._at_once(head, message):
                return
            self.response_started = False
            await super().send(head)  # type: ignore[arg-type]  # as above
        await super().send(message)  # type: ignore[arg-type]  # as above

    def _at_once(self, head: Message, message: Message) -> bool:
        """Whether it was an ordinary answer, and so has been sent."""
        if self.flow.write_paused or self.disconnected or not self.keep_alive:
            return False
        if message.get("more_body") or head["status"] in _BARE or self.scope["method"] == "HEAD":
            return False
        whole = written(head["status"], [*self.default_headers, *head["headers"]], message["body"])
        if whole is None:
            return False
        self.waiting_for_100_continue = False
        self.transport.write(whole)
        self.response_complete = True
        self.message_event.set()
        self.on_response()
        return True


def written(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes | None:
    """An answer of one piece; None if its headers are not those of one."""
    known = dict(headers)
    if not _OF_THE_CONNECTION.isdisjoint(known):
        return None
    if known.get(b"content-length") != b"%d" % len(body):
        return None
    head = _END.join([name + b": " + value for name, value in headers])
    if len(head) - len(head.translate(None, _NEVER)) != len(_END) * (len(headers) - 1):
        return None
    return b"".join((STATUS_LINE[status], head, _END, _END, body))
