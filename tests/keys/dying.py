"""A process that lives through the lives of keys and is killed at the commit it is told to.

``python -m tests.keys.dying`` reads one ``Death`` in a line, forks who dies it, and says in a line
how that one ended: -9, or how many commits there are.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from consent.ports import Then
from keys.data_keys.states import GRACE, REST, WAIT
from keys.lives.by import By
from keys.lives.custody import Custody
from keys.lives.lifecycle import Life, Step
from keys.lives.moves import signing, waiting
from keys.purposes import PURPOSES
from keys.signers.keepers import Keepers
from keys.signers.pkcs11 import Pkcs11
from store.database import Database, Found, Prepared, Write
from store.micros import DAY, MINUTE
from store.outbox import Message, Outbox
from tests.keys.safes import KEK, NEXT, furnish, open_safe
from tests.keys.samples import NOON
from tests.keys.turner import custody_of, opened

WHERE = ("before", "within", "after")
OFFICER = By("officer-1", "a life")


@dataclass(frozen=True)
class Death:
    """At the ``last`` commit of a story, counted from 1; with 0 nobody dies. ``token``: where keys
    are made, if not here.
    """

    place: str
    story: str
    last: int = 0
    where: str = "before"
    token: tuple[str, str, str] | None = None


@dataclass
class Mortal:
    """The database of who dies."""

    database: Database
    last: int
    where: str
    commits: int = 0

    def durable(self) -> bool:
        return self.database.durable()

    def prepare(self, statement: Any) -> Prepared:
        return self.database.prepare(statement)

    async def read(self, statement: Prepared, **values: Any) -> Sequence[Found]:
        return await self.database.read(statement, **values)

    async def commit(self, *writes: Write, meanwhile: Then = None) -> None:
        self.commits += 1
        if self.commits != self.last:
            await self.database.commit(*writes, meanwhile=meanwhile)
            return
        if self.where == "before":
            die()
        last: Any = Deadly(writes[-1]) if self.where == "within" else writes[-1]
        await self.database.commit(*writes[:-1], last)
        die()


@dataclass(frozen=True)
class Deadly:
    """A write that has been made when somebody asks whether it changed anything."""

    write: Write

    @property
    def statement(self) -> Prepared:
        return self.write.statement

    @property
    def values(self) -> Mapping[str, Any]:
        return self.write.values

    @property
    def must_change(self) -> NoReturn:
        die()


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


async def due(custody: Custody, now: int) -> None:
    """All that the policy does by now, with one algorithm: RSA keys take long."""
    while tasks := [it for it in await custody.plan(now) if it.alg == "ES256" and it.at <= now]:
        await custody.carry_out(tasks[0], now)
    await custody.put_away(now)


async def of_signing_keys(database: Database, keepers: Keepers) -> None:
    """Every step there is, those of people and those of the policy."""
    custody = custody_of(database, keepers=keepers)

    async def take(find: Callable[..., Life | None], step: Step, now: int, *also: Write) -> Life:
        life = find(await custody.lives(), "ES256")
        assert life is not None
        await custody.take(life.kid, step, OFFICER, now, also)
        return life

    await due(custody, NOON)  # one signs, one waits
    heir = await take(waiting, Step.SUSPEND, NOON)
    await due(custody, NOON)
    await custody.take(heir.kid, Step.RESUME, OFFICER, NOON)
    await take(waiting, Step.ACTIVATE, NOON + 3 * DAY)
    await due(custody, now := NOON + 4 * DAY)  # what signed first is retired
    suspect = await take(signing, Step.SUSPEND, now)
    await due(custody, now + MINUTE)
    await custody.take(suspect.kid, Step.RESUME, OFFICER, now + MINUTE)
    await custody.alarm(now + 100 * DAY)
    await due(custody, now := now + 100 * DAY)  # the next signs
    lost = signing(await custody.lives(), "ES256")
    assert lost is not None
    letter = Outbox(database).insert(Message(message_id=lost.kid, kind="x", body=b""), now)
    await take(signing, Step.COMPROMISE, now, letter)
    for days in (1, 9):
        await due(custody, now + days * DAY)


async def of_data_keys(database: Database, _: Keepers) -> None:
    """Made, wrapped by another, followed by others, ended, erased; and what they seal with them."""
    first = await open_safe(database)
    assert isinstance(database, Mortal)
    await furnish(database.database, first.vault)
    safe = await open_safe(database, NEXT, KEK)
    await safe.changes.rewrap(NOON)
    for purpose, it in PURPOSES.items():
        if it.renewable:
            await safe.renew(NOON, purpose)
    over = NOON + WAIT + REST
    for now in (over, over, over + GRACE):
        await safe.meter.set_aside()
        await safe.custody.turn(now)


STORIES: Mapping[str, Callable[[Database, Keepers], Awaitable[None]]] = {
    "signing keys": of_signing_keys,
    "data keys": of_data_keys,
}


async def told(death: Death) -> int:
    keepers = Keepers()
    if death.token is not None:
        module, label, pin_file = death.token
        keepers = Keepers([Pkcs11(Path(module), label, Path(pin_file), 1)], makes=Pkcs11.name)
    async with opened(death.place) as database:
        mortal = Mortal(database, death.last, death.where)
        await STORIES[death.story](mortal, keepers)
        return mortal.commits


def main() -> None:
    for line in sys.stdin:
        if not (child := os.fork()):
            os._exit(asyncio.run(told(Death(**json.loads(line)))))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def line(death: Death) -> str:
    return json.dumps(asdict(death)) + "\n"


if __name__ == "__main__":
    main()
