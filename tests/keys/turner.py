"""A process that turns ES256 keys as fast as it can, until it is killed: ``python -m`` this."""

import asyncio
import sys
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

from keys.lives.by import By
from keys.lives.custody import Custody, Raced
from keys.lives.lifecycle import Refused, Step
from keys.lives.moves import signing, waiting
from keys.lives.plan import Task
from keys.lives.policy import Policy
from keys.signers.keepers import Keepers
from keys.vault import Vault
from ledger.event import Ledger
from store.database import Database
from store.micros import DAY
from store.postgres import PostgresDatabase
from store.sqlite import SqliteDatabase
from tests.keys.samples import NOON
from tests.watchman import Watchman

KEK = b"k" * 32
MACHINE = By("turner", "as fast as it can")


def opened(place: str) -> AbstractAsyncContextManager[Database]:
    if place.startswith("postgresql:"):
        return PostgresDatabase(place, patience=10.0)
    return SqliteDatabase(Path(place), patience=10.0)


def custody_of(
    database: Database, policy: Policy | None = None, keepers: Keepers | None = None
) -> Custody:
    ledger = Ledger(database, Watchman())
    return Custody(database, Vault(KEK), ledger, policy or Policy(), keepers)


async def turn(custody: Custody, now: int) -> None:
    """Make a successor and let it sign; now and then stop the one that does."""
    with suppress(Raced):  # who was killed has left one
        await custody.carry_out(Task(now, "ES256", Step.PUBLISH), now)
    lives = await custody.lives()
    heir, active = waiting(lives, "ES256"), signing(lives, "ES256")
    if heir is not None:
        await custody.take(heir.kid, Step.ACTIVATE, MACHINE, now)
    if active is not None and now // DAY % 5 == 0:
        await custody.take(active.kid, Step.COMPROMISE, MACHINE, now)


async def main(place: str) -> None:
    async with opened(place) as database:
        custody, now = custody_of(database), NOON
        while True:
            now += 3 * DAY
            try:
                await turn(custody, now)
                said = "turned"
            except (Raced, Refused) as lost:
                said = type(lost).__name__
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        asyncio.run(main(sys.argv[1]))
