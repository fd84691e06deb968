"""The ring of this moment: at most a second old, read again beside the requests, not in them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from keys.ring import KeyRing
from store.micros import SECOND


class Keys:
    """``load`` reads the ring of a moment; it gives the same one while nothing has changed."""

    def __init__(self, load: Callable[[int], Awaitable[KeyRing]]) -> None:
        self._load = load
        self._ring: KeyRing | None = None
        self._read_at = 0
        self._reading: asyncio.Task[KeyRing] | None = None

    async def current(self, now: int) -> KeyRing:
        """Past half a second somebody reads it again; past a second all wait for that."""
        age = abs(now - self._read_at)
        if self._ring is not None and age < SECOND // 2:
            return self._ring
        reading = self._reading or self._begin(now)
        if self._ring is not None and age < SECOND:
            return self._ring
        return await asyncio.shield(reading)

    def _begin(self, now: int) -> asyncio.Task[KeyRing]:
        self._reading = asyncio.create_task(self._read(now))
        self._reading.add_done_callback(heard)
        return self._reading

    async def _read(self, now: int) -> KeyRing:
        try:
            self._ring = await self._load(now)
            self._read_at = now
        finally:
            self._reading = None
        return self._ring


def heard(reading: asyncio.Task[Any]) -> None:
    """Whoever waited has the error; if nobody did, the next reading will tell."""
    with suppress(asyncio.CancelledError):
        reading.exception()
