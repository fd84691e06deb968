"""Who fetches our key set: heard in the request, written beside it. RFC 7239 sections 5.2 and 6.

A client with an address of its own is known by it, others by whence they come, if their networks
are registered. Who connects through a proxy of ours comes from where that proxy says.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache

import structlog

from clients.source_networks import Registered, Sources
from clients.sql import SqlClients
from idp.beside import beside
from idp.observed import Networks, within
from keys.readiness.ear import Ear
from keys.readiness.fetches import SqlFetches
from keys.ring import KeyRing
from oidc.endpoints.message import Request
from store.database import Unavailable
from store.micros import MINUTE, Clock

TURN = 5.0  # seconds
LEARN = MINUTE
ADDRESSES = 4096  # remembered

_NODE = re.compile(r"(?:\[(?P<bracketed>[^\]]+)\]|(?P<bare>[^:\[]*))(?::[0-9]{1,5})?")

Trusts = Callable[[str], bool]
_LOG = structlog.get_logger("motcua")


class Readers:
    """``oidc.ports.KeySetReaders``. Each process has its own."""

    def __init__(self, fetches: SqlFetches, clients: SqlClients, trusted: Networks) -> None:
        self._fetches = fetches
        self._clients = clients
        self._trusts: Trusts = lru_cache(ADDRESSES)(lambda host: within(host, trusted))
        self._ear = Ear()
        self._registered: Registered = {}
        self._find: Callable[[str], str | None] = Sources({}).find
        self.asks_whence = False

    def named(self, client_id: str, ring: KeyRing, now: int) -> None:
        self._ear.heard(client_id, ring, now)

    def came(self, request: Request, ring: KeyRing, now: int) -> None:
        client_id = self._find(source(request, self._trusts))
        if client_id is not None:
            self._ear.heard(client_id, ring, now)

    async def learn(self) -> None:
        """The networks as they are registered now."""
        registered = await self._clients.networks()
        if registered != self._registered:
            sources = Sources(registered)
            self._find, self.asks_whence = lru_cache(ADDRESSES)(sources.find), bool(sources)
            self._registered = registered

    async def write(self) -> None:
        """What was heard; what cannot be written now waits for the next time."""
        taken = self._ear.taken()
        if taken:
            try:
                await self._fetches.heard(taken)
            except Unavailable:
                self._ear.wait(taken)
                raise


def source(request: Request, trusts: Trusts) -> str:
    """The address that the last proxy of ours was reached from; empty where nobody says."""
    host = "" if request.peer is None else request.peer[0]
    if not trusts(host):
        return host
    said = [value for name, value in request.headers if name == b"x-forwarded-for"]
    hops = [_address(hop.strip()) for hop in b",".join(said).decode("latin-1").split(",")]
    return next((hop for hop in reversed(hops) if not trusts(hop)), "")


def _address(hop: str) -> str:
    """Without the port that some proxies say: RFC 7239 section 6."""
    found = _NODE.fullmatch(hop)
    return hop if found is None else found["bracketed"] or found["bare"]


class Listening:
    """What was heard is written every few seconds, and who is known by which networks learnt."""

    def __init__(self, readers: Readers, clock: Clock) -> None:
        self._readers = readers
        self._clock = clock
        self._learned_at = -LEARN

    async def turn(self) -> float:
        try:
            now = self._clock()
            if abs(now - self._learned_at) >= LEARN:
                await self._readers.learn()
                self._learned_at = now
            await self._readers.write()
        except Unavailable:
            _LOG.warning("key set readers", outcome="unavailable")
        return TURN


@asynccontextmanager
async def listening(readers: Readers, clock: Clock) -> AsyncIterator[None]:
    """While the program runs. What was heard until it stops is written first."""
    async with beside("key set readers", lambda: Listening(readers, clock).turn, last_turn=True):
        yield
