"""What waits while the person is shown pages: each in the browser it began in, and ended once.

OpenID Connect Core section 3.1.2.3; RFC 9700 sections 2.1 and 4.7: a cookie of that browser holds
a secret; the name alone helps nobody.
"""

from dataclasses import dataclass

from keys.secrets import digest, new_ticket, same, ticket_digest
from store.micros import MINUTE
from store.one_time import OneTime

TTL = 30 * MINUTE
_FLOW = 64  # a SHA-256 in hex


@dataclass(frozen=True, slots=True)
class Held:
    """``bound``: it belongs to a browser. What was posted does not yet."""

    content: bytes
    bound: bool


class Waiting:
    """Those of one kind, in the one-time store."""

    def __init__(self, kind: str, one_time: OneTime) -> None:
        self._kind = kind
        self._one_time = one_time

    async def begin(self, content: bytes, flow: str | None, now: int) -> str:
        """Its name. Without ``flow``, the first browser to bring the name goes on with it."""
        name = new_ticket(now)
        flow_digest = "" if flow is None else digest(flow)
        await self._one_time.put(
            self._key(name), flow_digest.ljust(_FLOW).encode() + content, ttl=TTL
        )
        return name

    async def load(self, name: str, flow: str | None) -> Held | None:
        """Nothing for a browser that did not begin it."""
        found = await self._one_time.peek(self._key(name))
        if found is None:
            return None
        flow_digest = found[:_FLOW].decode().strip()
        if flow_digest and not same(flow_digest, digest(flow or "")):
            return None
        return Held(found[_FLOW:], bound=bool(flow_digest))

    async def finish(self, name: str) -> bool:
        """True for exactly one caller."""
        taken = await self._one_time.take(self._key(name))
        return taken is not None and taken.first

    def _key(self, name: str) -> str:
        return f"{self._kind}:{ticket_digest(name)}"
