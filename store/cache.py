"""What changes rarely, kept in the process: never older than a second.

Only for clients, keys and purposes. Grants, records and sessions are never cached.
"""

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from store.micros import SECOND

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cached(Generic[K, V]):
    """Values found by ``load``, at most ``most`` of them. That nothing was found is not kept."""

    def __init__(self, load: Callable[[K], Awaitable[V | None]], *, most: int) -> None:
        self._load = load
        self._most = most
        self._kept: dict[K, tuple[int, V]] = {}

    async def get(self, key: K, now: int) -> V | None:
        """As it was at ``now``, or less than a second before."""
        kept = self._kept.get(key)
        if kept is not None and 0 <= now - kept[0] < SECOND:
            return kept[1]
        value = await self._load(key)
        self._kept.pop(key, None)
        if value is not None:
            self._keep(key, now, value)
        return value

    def _keep(self, key: K, now: int, value: V) -> None:
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]  # loaded longest ago
        self._kept[key] = (now, value)
