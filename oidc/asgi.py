"""The words of the ASGI specification, and two of our own, for what comes in one piece.

Beside messages, a way out may take a whole answer, by its method ``whole``, and have the whole body
of the request ready, by ``at_hand``. What stands between passes both on.
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


def at_hand(send: Send) -> Callable[[], bytes | None]:
    """The body of the request; None if it has to be waited for, or is told by messages only."""
    way: Callable[[], bytes | None] = getattr(send, "at_hand", nothing)
    return way


def nothing() -> bytes | None:
    """As ``by_messages``."""
    return None
