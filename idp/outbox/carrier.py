"""What sends the messages of one kind."""

from collections.abc import Awaitable, Callable

from clients.courier import Undelivered
from store.outbox import Message

__all__ = ["Carrier", "Undelivered"]

Carrier = Callable[[Message, int], Awaitable[None]]
"""Takes a message there, or raises ``Undelivered``; what can never be sent it lets go."""
