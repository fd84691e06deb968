"""What has to be done about data keys from time to time, by whichever process holds the lease.

They are renewed when worn (K-18); what older ones have sealed is sealed anew; old ones end when
nothing is left under them (K-17), and are erased a week later (K-20).
"""

from dataclasses import dataclass

from keys.data_keys.changes import Changes
from keys.data_keys.reseal import Passed, Reseal
from keys.data_keys.sql import DataKeys
from keys.data_keys.states import Known, State, erasable, finished, is_worn, state
from keys.purposes import SEALING
from store.lease import Leases
from store.micros import SECOND

NAME = "data keys"
LEASE = 30 * SECOND
STEPS = 20  # batches in a turn: others want the database too


@dataclass(frozen=True, slots=True)
class Custody:
    """Of this process. ``me`` is its name among those who ask for the lease."""

    data_keys: DataKeys
    changes: Changes
    reseal: Reseal
    leases: Leases
    me: str

    async def turn(self, now: int) -> Passed | None:
        """What is due now; nothing if there is nothing to do, or another process does it."""
        known = await self.data_keys.load(now)
        if not is_due(known, now) or not await self.hold(now):
            return None
        for purpose, chain in known.items():
            if is_worn(chain, now):
                await self.changes.renew(purpose, chain, now)
        passed = await self.walk() if has_old(known, now) else Passed(done=True)
        await self.finish(known, passed, now)
        return passed

    async def hold(self, now: int, ttl: int = LEASE) -> bool:
        return await self.leases.hold(NAME, self.me, now, ttl)

    async def walk(self, steps: int = STEPS) -> Passed:
        """Some batches; ``done`` if that was the end of a walk over everything."""
        passed = await self.reseal.step()
        while not passed.done and (steps := steps - 1):
            passed = await self.reseal.step()
        return passed

    async def finish(self, known: Known, passed: Passed, now: int) -> None:
        """What is over ends: of what seals, only after a walk that has met nothing of it."""
        clean = passed.done and not passed.resealed and not passed.broken
        await self.changes.end(finished(known, now, all_resealed=clean), now)
        await self.changes.erase(erasable(known, now))


def is_due(known: Known, now: int) -> bool:
    return (
        has_old(known, now)
        or any(is_worn(chain, now) for chain in known.values())
        or bool(finished(known, now, all_resealed=False) or erasable(known, now))
    )


def has_old(known: Known, now: int) -> bool:
    """Whether something may lie under a data key that was replaced."""
    chain = known[SEALING]
    return any(state(it, chain, now) is State.OPENING for it in chain)
