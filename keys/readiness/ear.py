"""What one process has heard of fetches, between the request that shows it and the row.

A request remembers and goes on; whoever writes takes what waits, beside the requests. Who asks
again and again for the same keys is remembered once an hour.
"""

from collections.abc import Iterable, Sequence

from keys.readiness.judge import Fetch
from keys.ring import KeyRing
from store.micros import HOUR

AGAIN = HOUR


class Ear:
    """``waiting`` grows by clients and keys, never by requests."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[str, int]] = {}
        self._waiting: dict[tuple[str, str], Fetch] = {}

    def heard(self, client_id: str, ring: KeyRing, now: int) -> None:
        """The client has what ``ring`` shows."""
        before = self._heard.get(client_id)
        if before is not None and before[0] == ring.etag and abs(now - before[1]) < AGAIN:
            return
        self._heard[client_id] = ring.etag, now
        self.wait(Fetch(client_id, kid, now, now) for kid in ring.shown)

    def wait(self, fetches: Iterable[Fetch]) -> None:
        """To be written: now, or again where it could not be."""
        for it in fetches:
            other = self._waiting.get((it.client_id, it.kid), it)
            first_at, last_at = min(it.first_at, other.first_at), max(it.last_at, other.last_at)
            self._waiting[it.client_id, it.kid] = Fetch(it.client_id, it.kid, first_at, last_at)

    def taken(self) -> Sequence[Fetch]:
        """All that waits; it waits no more."""
        waiting, self._waiting = self._waiting, {}
        return [*waiting.values()]
