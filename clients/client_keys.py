"""A client's public keys, wherever it keeps them: with its registration, or at its own address.

OpenID Connect Core sections 10.1.1 and 10.2.1; RFC 7517 section 5. Fetched when they are first
needed. A new key is known within a minute, and at once to who asks for its ``kid``; an address
that does not answer is asked again after five seconds, and old keys are good for a quarter of an
hour while it is silent. Keys of kinds that we do not know are passed over.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from clients.courier import Courier, Unfetched
from clients.model import Client
from keys.compact import BadToken, json_object
from keys.foreign import BadKey, ForeignKey, foreign_keys
from store.micros import MINUTE, SECOND

FRESH = MINUTE
FLOOR = 5 * SECOND  # between two looks at one address, whatever is asked for
STALE = 15 * MINUTE
MOST = 2000  # addresses whose keys are kept
MOST_KEYS = 50
TYPES = ("application/jwk-set+json", "application/json")

_LOG = logging.getLogger("motcua")


@dataclass
class _Kept:
    """What one address said; ``tried_at`` and ``got_at`` in microseconds, None for never."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    keys: tuple[ForeignKey, ...] = ()
    tried_at: int | None = None
    got_at: int | None = None

    def is_due(self, now: int, kid: str | None) -> bool:
        if self.tried_at is not None and 0 <= now - self.tried_at < FLOOR:
            return False
        if self.got_at is None or not 0 <= now - self.got_at < FRESH:
            return True
        return kid is not None and kid not in {key.kid for key in self.keys}

    def good(self, now: int) -> tuple[ForeignKey, ...]:
        return self.keys if self.got_at is not None and now - self.got_at < STALE else ()


class ClientKeys:
    """Each process keeps what it has fetched. Who asks at the same time waits for one look."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._kept: dict[str, _Kept] = {}

    async def of(self, client: Client, now: int, kid: str | None = None) -> Sequence[ForeignKey]:
        """All of them; none where its address says nothing of use.

        ``kid``: the one that is wanted, as ``keys.statement.named_key`` reads it from a statement.
        Raises ``keys.foreign.BadKey`` where what was registered is no key.
        """
        if client.jwks_uri is None:
            return client.keys
        kept = self._kept.get(client.jwks_uri) or self._begun(client.jwks_uri)
        if kept.is_due(now, kid):
            async with kept.lock:
                if kept.is_due(now, kid):
                    await self._look(client.jwks_uri, kept, now)
        return kept.good(now)

    def _begun(self, url: str) -> _Kept:
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        return self._kept.setdefault(url, _Kept())

    async def _look(self, url: str, kept: _Kept, now: int) -> None:
        try:
            kept.keys = read(await self._courier.get(url, TYPES))
            kept.got_at = now
        except (Unfetched, BadToken) as error:
            _LOG.warning("client keys: %s", error)
        kept.tried_at = now


def read(document: bytes) -> tuple[ForeignKey, ...]:
    """The sound keys of a key set. Raises ``BadToken`` where it is none."""
    listed = json_object(document).get("keys")
    if not isinstance(listed, list):
        raise BadToken("not a key set")
    return sound(listed[:MOST_KEYS])


def sound(jwks: Sequence[Any]) -> tuple[ForeignKey, ...]:
    """Those that we know how to use."""
    found: list[ForeignKey] = []
    for jwk in jwks:
        with suppress(BadKey):
            found += foreign_keys([jwk])
    return tuple(found)
