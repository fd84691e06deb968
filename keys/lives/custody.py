"""Who changes signing keys comes here: look, decide, make what is missing, one commit.

NIST SP 800-57 part 1 section 8. Several may try the same at once; the statements say who was
first, and to the others it is ``Raced``. Who asks for two people's word asks before ``take``.
What comes after a commit never fails who asked for it.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from sqlalchemy import select

from keys.algorithms import ALGORITHMS
from keys.lives.away import Away
from keys.lives.by import By, Passed
from keys.lives.changes import Changes, born
from keys.lives.lifecycle import Life, Step
from keys.lives.making import made as made_all
from keys.lives.making import made_instead
from keys.lives.moves import Taken, applied, decided, signing, succession, successor
from keys.lives.plan import Task, overdue, plan
from keys.lives.policy import Policy
from keys.rows import KEY, life_of
from keys.signers.keepers import Keepers
from keys.signing_key import SigningKey, State
from keys.vault import Vault
from ledger.event import Ledger
from store.database import Conflict, Database, Unchanged, Write

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
        self._away = Away(database, self._changes, self._keepers)
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
    ) -> Taken:
        """One step of one key, and all that it takes with it. ``also`` goes into the commit.

        K-13: a stop is done even if nothing can be made that signs instead. Raises ``Refused``, of
        which ``NotReady`` is one, and ``Raced``.
        """
        lives = await self.lives()
        moves = decided(lives, kid, step, self.policy, now)
        if step is Step.ACTIVATE and self._passed is not None:
            by = await self._passed(by, moves[-1].was, now)
        left, alg = applied(lives, moves), moves[0].was.alg
        stopped = moves[0].was.state is State.ACTIVE and signing(left, alg) is None
        made = await made_instead(self._keepers, alg) if stopped else ()
        await self._commit(made, by, now, *self._changes.moved(moves, by, now), *also)
        await self._away.tried(now)
        return Taken(moves, signing([*left, *(born(key, now) for key in made)], alg))

    async def plan(self, now: int) -> Sequence[Task]:
        """What the policy will do, the soonest first."""
        return plan(await self.lives(), ALGORITHMS, self.policy, now)

    async def carry_out(self, task: Task, now: int) -> None:
        """Raises ``Refused`` and ``Raced``, if others did in the meantime."""
        lives = await self.lives()
        if task.step is Step.PUBLISH:
            await self._publish(lives, task.alg, now)
        elif task.step is Step.ACTIVATE and signing(lives, task.alg) is None:
            await self._succeed(lives, [task.alg], ROTATION, now)
        elif task.kid is None:
            raise Raced
        else:
            await self.take(task.kid, task.step, ROTATION, now)

    async def _publish(self, lives: Sequence[Life], alg: str, now: int) -> None:
        if successor(lives, alg, self.policy, now) is not None:
            raise Raced
        made = await made_all(self._keepers, [alg], State.PUBLISHED)
        await self._commit(made, ROTATION, now, *self._changes.alone(lives, alg))

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
        made = await made_all(self._keepers, missing, State.ACTIVE)
        await self._commit(made, by, now, *self._changes.moved(moves, by, now))
        await self._away.tried(now)

    async def put_away(self, now: int) -> None:
        """Destroy what is kept elsewhere of keys that sign no more; who cannot now may later."""
        await self._away.put(now)

    async def _commit(self, made: Sequence[SigningKey], by: By, now: int, *writes: Write) -> None:
        born = [write for key in made for write in self._changes.made(key, by, now)]
        try:
            await self._database.commit(*writes, *born)
        except (Conflict, Unchanged) as error:
            for key in made:  # nobody has seen it
                await self._keepers.discard(key)
            raise Raced from error
