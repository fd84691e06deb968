"""The words of the ASGI specification, and one of our own.

A way out may take an answer of one piece besides messages: in its attribute ``whole``. What stands
between passes that on, and so does not do twice for an answer what it can do once.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Protocol

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


class Whole(Protocol):
    """Whether it went; else it has to be sent by messages, as to servers of others.

    ``headers`` without its length; ``lines`` are more of them, as they go over the wire.
    """

    def __call__(
        self, status: int, headers: Iterable[Header], lines: bytes, body: bytes, /
    ) -> bool: ...


def whole(send: Send) -> Whole:
    way: Whole = getattr(send, "whole", by_messages)
    return way


def by_messages(*_: Any) -> bool:
    """What is said by a way out that has no other."""
    return False
