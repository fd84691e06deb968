"""Sending what is due, in parallel: what is slow holds up nothing else.

Whoever has put a message in the outbox sends it at once; what falls due later is sent by the one
process that has the lease. That two never send the same is held by the claim alone, not by these.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from idp import metrics
from idp.outbox.carrier import Carrier, Undelivered
from keys.secrets import new_secret
from store.database import Unavailable
from store.dead_letters import DeadLetters
from store.lease import Leases
from store.micros import SECOND, Clock
from store.outbox import BATCH, Claimed, Outbox

AT_ONCE = 256  # messages
LEASE = 15 * SECOND
TURN = 5.0  # seconds at most between two looks at the table

_LOG = structlog.get_logger("motcua")


class Postman:
    """One of many: each process has its own. ``carriers`` by the kind of message."""

    def __init__(
        self,
        outbox: Outbox,
        leases: Leases,
        dead_letters: DeadLetters,
        carriers: Mapping[str, Carrier],
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._leases = leases
        self._dead_letters = dead_letters
        self._carriers = carriers
        self._clock = clock
        self._me = new_secret()
        self._under_way: set[asyncio.Task[None]] = set()

    async def turn(self, *, rung: bool) -> float:
        """Begin what is due, if it is ours to do. Returns the seconds until the next look."""
        now, due_at = self._clock(), await self._outbox.next_due()
        if due_at > now:
            return min(TURN, (due_at - now) / SECOND)
        if not rung and not await self._leases.hold("outbox", self._me, now, LEASE):
            return TURN
        for claimed in await self._outbox.due(now):
            task = asyncio.create_task(self._send(claimed))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        while len(self._under_way) > AT_ONCE - BATCH:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        return 0.0

    async def finish(self) -> None:
        """Until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def count(self) -> None:
        """For whoever watches: how many wait, and how many are dead letters."""
        backlog = await self._dead_letters.count()
        metrics.OUTBOX.labels("waiting").set(backlog.waiting)
        metrics.OUTBOX.labels("dead").set(backlog.dead)

    async def _send(self, claimed: Claimed) -> None:
        """Whatever goes wrong with one message is told to the log, and tried again."""
        message = claimed.message
        with suppress(Unavailable):  # the claim runs out by itself
            try:
                await self._carriers[message.kind](message, self._clock())
                await self._outbox.done(claimed)
                outcome = "delivered"
            except Undelivered as error:
                outcome = await self._failed(claimed, str(error))
            except Exception as error:  # noqa: BLE001  it must not stop the others
                outcome = await self._failed(claimed, type(error).__name__)
            metrics.DELIVERIES.labels(message.kind, outcome).inc()

    async def _failed(self, claimed: Claimed, why: str) -> str:
        dead = await self._outbox.later(claimed, self._clock(), why)
        outcome, kind = "dead" if dead else "failed", claimed.message.kind
        _LOG.warning("outbox", outcome=outcome, kind=kind, attempts=claimed.attempts, why=why)
        return outcome
