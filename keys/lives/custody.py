"""Who changes signing keys comes here: look, decide, make what is missing, one commit.

NIST SP 800-57 part 1 section 8. Several may try the same at once; the statements say who was
first, and to the others it is ``Raced``. Who asks for two people's word asks before ``take``.
"""

from asyncio import gather
from collections.abc import Iterable, Sequence
from contextlib import suppress

from sqlalchemy import select

from keys.algorithms import ALGORITHMS
from keys.lives.by import By, Passed
from keys.lives.changes import Changes
from keys.lives.lifecycle import KEEPING, Life, Step
from keys.lives.moves import Move, applied, decided, signing, succession
from keys.lives.plan import Task, overdue, plan
from keys.lives.policy import Policy
from keys.rows import KEY, life_of
from keys.signers.held import CannotSign
from keys.signers.keepers import Keepers
from keys.signing_key import KeyFault, SigningKey, State
from keys.vault import Vault
from ledger.event import Ledger
from store.database import Conflict, Database, Unchanged, Write
from store.micros import MINUTE

START = By("start", "an algorithm without a key")
ROTATION = By("policy", "rotation")


class Raced(Exception):
    """Somebody else changed the keys at this moment. Nothing of this change was kept."""


class Custody:
    def __init__(  # noqa: PLR0913, PLR0917  doors, opened once
        self,
        database: Database,
        vault: Vault,
        ledger: Ledger,
        policy: Policy,
        keepers: Keepers | None = None,
        passed: Passed | None = None,
    ) -> None:
        self.policy = policy
        self._passed = passed
        self._database = database
        self._keepers = keepers or Keepers()
        self._changes = Changes(database, vault, ledger, demonstration=policy.demonstration)
        self._all = database.prepare(select(KEY).order_by(KEY.c.created_at, KEY.c.kid))

    async def lives(self) -> Sequence[Life]:
        """All keys there ever were, the oldest first."""
        return [life_of(row) for row in await self._database.read(self._all)]

    async def begin(self, now: int) -> None:
        """See that each algorithm has one that signs; of several who try, one does."""
        while True:
            lives = await self.lives()
            missing = [alg for alg in ALGORITHMS if signing(lives, alg) is None]
            if not missing:
                return
            with suppress(Raced):
                await self._succeed(lives, missing, START, now)

    async def rotate(self, by: By, now: int) -> None:
        """All at once, whether others have seen the successors or not. Raises ``Raced``."""
        await self._succeed(await self.lives(), ALGORITHMS, by, now)

    async def take(
        self, kid: str, step: Step, by: By, now: int, also: Sequence[Write] = ()
    ) -> Sequence[Move]:
        """One step of one key, and all that it takes with it. ``also`` goes into the commit.

        Raises ``Refused``, of which ``NotReady`` is one, and ``Raced``.
        """
        lives = await self.lives()
        moves = decided(lives, kid, step, self.policy, now)
        if step is Step.ACTIVATE and self._passed is not None:
            by = await self._passed(by, moves[-1].was, now)
        left = applied(lives, moves)
        bare = [it.alg for it in {move.was for move in moves} if it.state is State.ACTIVE]
        made = await self._made([alg for alg in bare if not signing(left, alg)], State.ACTIVE)
        await self._commit(made, by, now, *self._changes.moved(moves, by, now), *also)
        await self.put_away(now)
        return moves

    async def plan(self, now: int) -> Sequence[Task]:
        """What the policy will do, the soonest first."""
        return plan(await self.lives(), ALGORITHMS, self.policy, now)

    async def carry_out(self, task: Task, now: int) -> None:
        """Raises ``Refused`` and ``Raced``, if others did in the meantime."""
        if task.kid is None:
            await self._commit(await self._made([task.alg], State.PUBLISHED), ROTATION, now)
        else:
            await self.take(task.kid, task.step, ROTATION, now)

    async def alarm(self, now: int) -> Sequence[tuple[Life, int]]:
        """All that sign, each with the per cent of its time that was told just now, or 0."""
        active = [life for life in await self.lives() if life.state is State.ACTIVE]
        return [(life, await self._told(life, now)) for life in active]

    async def _told(self, life: Life, now: int) -> int:
        per_cent = overdue(life, self.policy, now)
        if not per_cent:
            return 0
        try:
            await self._commit((), ROTATION, now, *self._changes.alarmed(life, per_cent, now))
        except Raced:  # another has told
            return 0
        return per_cent

    async def _succeed(self, lives: Sequence[Life], algs: Iterable[str], by: By, now: int) -> None:
        moves = [it for alg in algs for it in succession(lives, alg, self.policy, now)]
        left = applied(lives, moves)
        missing = [alg for alg in algs if signing(left, alg) is None]
        made = await self._made(missing, State.ACTIVE)
        await self._commit(made, by, now, *self._changes.moved(moves, by, now))
        await self.put_away(now)

    async def put_away(self, now: int) -> None:
        """Destroy what is kept elsewhere of keys that sign no more; who cannot now may later."""
        for row in await self._database.read(self._all):
            if row["reference"] is not None and is_over(life_of(row), now):
                with suppress(CannotSign, KeyFault):
                    await self._keepers.destroy(row["provider"], row["reference"])
                    await self._database.commit(self._changes.forgotten(row["kid"]))

    async def _made(self, algs: Iterable[str], state: State) -> Sequence[SigningKey]:
        """Beside each other: an RSA key takes long. Raises ``CannotSign`` and ``KeyFault``."""
        return await gather(*(self._keepers.make(alg, state) for alg in algs))

    async def _commit(self, made: Sequence[SigningKey], by: By, now: int, *writes: Write) -> None:
        born = [write for key in made for write in self._changes.made(key, by, now)]
        try:
            await self._database.commit(*writes, *born)
        except (Conflict, Unchanged) as error:
            for key in made:  # nobody has seen it
                await self._keepers.discard(key)
            raise Raced from error


def is_over(life: Life, now: int) -> bool:
    """Whether nobody signs with it any more: with a ring of a second ago somebody still may."""
    if life.state in KEEPING:
        return False
    return life.state is State.COMPROMISED or now >= life.changed_at + MINUTE
