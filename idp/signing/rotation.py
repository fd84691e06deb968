"""Keys turn by themselves: what the policy says is carried out by one process, under a lease.

A successor of each algorithm is made beside the serving, not before it: an RSA key takes seconds.
Should two processes do the same at once, one of them finds that it was done. A key that too few
services have fetched waits, and somebody is told.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

import structlog

from idp import metrics
from idp.beside import beside
from keys.lives.custody import Custody, Raced
from keys.lives.lifecycle import Refused
from keys.lives.plan import Task
from keys.readiness.gate import Gate, NotReady
from keys.readiness.judge import Has
from keys.secrets import new_secret
from keys.signers.held import CannotSign
from keys.signing_key import KeyFault
from store.database import Database, Unavailable
from store.lease import Leases
from store.micros import MINUTE, SECOND, Clock

LEASE = MINUTE
TURN = 20.0  # seconds at most between two looks; a lease outlives it
AGAIN = 1.0  # seconds, where another was first
HELD = 10 * MINUTE  # until a key that too few have is tried again

_LOG = structlog.get_logger("motcua")


class Rotation:
    """One of many: each process has its own."""

    def __init__(self, custody: Custody, gate: Gate, database: Database, clock: Clock) -> None:
        self._custody = custody
        self._gate = gate
        self._held: dict[str, tuple[str, int]] = {}
        self._leases = Leases(database)
        self._clock = clock
        self._me = new_secret()

    async def tried(self) -> float:
        """A turn; if there was none, the next comes later."""
        try:
            return await self.turn()
        except Unavailable:
            _LOG.warning("keys", outcome="unavailable")
        except (CannotSign, KeyFault) as error:  # who keeps keys elsewhere makes none now
            _LOG.error("keys", outcome="nothing made", why=str(error))
        return TURN

    async def turn(self) -> float:
        """Do what is due, if it is ours to do. Returns the seconds until the next look."""
        if not await self._leases.hold("keys", self._me, self._clock(), LEASE):
            return TURN
        tasks = await self._tasks()
        for task in tasks:
            if task.at > self._clock():
                break
            if not await self._carried_out(task, self._clock()):
                return AGAIN
        next_at = tasks[0].at if tasks else self._clock() + MINUTE
        if next_at <= self._clock():  # what was done may make more due
            return 0.0
        await self._watch()
        return min(TURN, (next_at - self._clock()) / SECOND)

    async def _tasks(self) -> Sequence[Task]:
        """What the policy will do, but for keys that were held a moment ago."""
        now = self._clock()
        self._held = {kid: it for kid, it in self._held.items() if it[1] > now}
        return [it for it in await self._custody.plan(now) if it.kid not in self._held]

    async def _carried_out(self, task: Task, now: int) -> bool:
        try:
            await self._custody.carry_out(task, now)
        except NotReady as held:
            await self._hold(held, now)
            return True
        except (Raced, Refused):  # in the meantime somebody else did
            return False
        _LOG.info("key", step=task.step.value, alg=task.alg, kid=task.kid)
        return True

    async def _hold(self, held: NotReady, now: int) -> None:
        """The one that signs goes on, until it has signed for too long. It is tried again."""
        found = held.found
        self._held[found.kid] = found.alg, now + HELD
        metrics.KEY_HELD.labels(found.alg).set(found.share(Has.NOT))
        if await self._gate.hold(held, now):
            behind = [it.service.client_id for it in found.stale]
            _LOG.warning("key held", alg=found.alg, kid=found.kid, behind=behind)

    async def _watch(self) -> None:
        """For whoever watches: how far through its time each key is. What is over is put away."""
        now, whole = self._clock(), self._custody.policy.cryptoperiod
        held = {alg for alg, _ in self._held.values()}
        await self._custody.put_away(now)
        for life, per_cent in await self._custody.alarm(now):
            metrics.KEY_AGE.labels(life.alg).set(life.age(now) / whole)
            if life.alg not in held:
                metrics.KEY_HELD.labels(life.alg).set(0)
            if per_cent:
                _LOG.warning("key overdue", alg=life.alg, kid=life.kid, per_cent=per_cent)


def turning(
    custody: Custody, gate: Gate, database: Database, clock: Clock
) -> AbstractAsyncContextManager[None]:
    """While the program runs."""
    return beside("keys", lambda: Rotation(custody, gate, database, clock).tried)
