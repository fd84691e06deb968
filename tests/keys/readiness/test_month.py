"""Thirty days of rotations behind the gate: it names exactly those who have not fetched a key.

OpenID Connect Core section 10.1.1. The relying parties are those of
``tests/keys/test_relying_parties.py``, and some that never look again.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from keys.lives.custody import Custody
from keys.lives.lifecycle import Life, Step
from keys.lives.moves import signing
from keys.lives.policy import AHEAD, Policy
from keys.readiness.ear import Ear
from keys.readiness.gate import Gate, NotReady
from keys.readiness.judge import Service
from keys.ring import KeyRing
from keys.signers.keepers import Keepers
from keys.sql import SqlKeys
from keys.statement import named_key
from keys.vault import Vault
from ledger.event import Ledger
from store.database import Database
from store.micros import DAY, MINUTE
from tests import servers
from tests.keys.readiness.samples import service
from tests.keys.relying_parties import RelyingParty, all_kinds
from tests.keys.samples import CLAIMS, NOON
from tests.keys.signers import softhsm
from tests.keys.signers.softhsm import kept_in
from tests.keys.test_custody import events
from tests.keys.turner import KEK, MACHINE, opened
from tests.watchman import Watchman

pytestmark = pytest.mark.anyio
WEEKLY = Policy(every=7 * DAY)
STEP = 29 * MINUTE
YEAR = 365 * DAY
LOST = "never looks again"
Upset = Callable[["Month", KeyRing, int], None]


@dataclass
class Month:
    """``carries``: the sign-ins of the one who never looks again, of a thousand."""

    carries: int
    upset: Upset | None = None
    keepers: Keepers = field(default_factory=Keepers)
    ear: Ear = field(default_factory=Ear)
    parties: list[RelyingParty] = field(default_factory=all_kinds)
    doubted: set[str] = field(default_factory=set)
    signed_by: list[str] = field(default_factory=list)
    held: list[set[str]] = field(default_factory=list)
    told: int = 0

    def __post_init__(self) -> None:
        self.parties.append(RelyingParty(LOST, YEAR))
        for party in self.parties:
            party.heard = self.ear.heard

    async def services(self, now: int) -> Sequence[Service]:
        """And one that is told from nobody, which carries as much as all others."""
        rest = (1000 - self.carries) // (len(self.parties) - 1)
        known = [service(it.name, self.carries if it.name == LOST else rest) for it in self.parties]
        return [*known, service("nobody knows", 1000, known=False)]

    async def pass_by(self, database: Database) -> None:
        gate = Gate(database, Ledger(database, Watchman()), self.services, WEEKLY)
        ledger, vault = Ledger(database, Watchman()), Vault(KEK)
        custody = Custody(database, vault, ledger, WEEKLY, self.keepers, gate.passed)
        keys = SqlKeys(database, vault, WEEKLY, self.keepers)
        for now in range(NOON, NOON + AHEAD + 30 * DAY, STEP):
            ring = await keys.load(now)
            if self.upset is not None:
                self.upset(self, ring, now)
            await self._act(custody, gate, now)
            await self._look(await keys.load(now), now)
            await gate.fetches.heard(self.ear.taken())
            await self._names_exactly_the_stale(gate, await custody.lives(), now)
        self.told = [it["type"] for it in await events(database)].count("KeyHeld")

    async def _act(self, custody: Custody, gate: Gate, now: int) -> None:
        for task in await custody.plan(now):
            if task.alg != "ES256" or task.at > now:
                continue
            try:
                await custody.carry_out(task, now)
            except NotReady as held:
                self.held.append({it.service.client_id for it in held.found.stale})
                await gate.hold(held, now)
        lives = await custody.lives()
        if signing(lives, "ES256") is None and now >= NOON + AHEAD:
            await custody.take(lives[0].kid, Step.ACTIVATE, MACHINE, now)

    async def _look(self, ring: KeyRing, now: int) -> None:
        if not ring.algorithms():
            for party in self.parties:
                if now - party.fetched_at >= party.keeps:
                    party.fetch(ring, now)
            return
        token = await ring.signed(CLAIMS, typ="JWT")
        kid = named_key(token) or ""
        if kid not in self.signed_by:
            self.signed_by.append(kid)
        self.doubted |= {it.name for it in self.parties if not it.believes(token, ring, now)}

    async def _names_exactly_the_stale(self, gate: Gate, lives: Sequence[Life], now: int) -> None:
        for found in await gate.look(lives, now):
            without = {it.name for it in self.parties if found.kid not in it.keys}
            assert {it.service.client_id for it in found.stale} == without, now
            assert [it.service.client_id for it in found.unknown] == ["nobody knows"]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """One engine: a month is long, and ``test_gate.py`` asks both."""
    servers.make_sqlite(tmp_path / "motcua.db")
    async with opened(str(tmp_path / "motcua.db")) as database:
        yield database


async def test_a_few_who_are_behind_are_named_and_rotation_goes_on(database: Database) -> None:
    month = Month(carries=10)
    await month.pass_by(database)
    assert len(month.signed_by) == 5, "every seven days another"
    assert month.doubted == {LOST}, "all others were let fetch in time"
    assert month.held == []


async def test_whoever_keeps_the_keys_the_same_are_named(
    database: Database, tmp_path: Path
) -> None:
    async with kept_in(softhsm.token(tmp_path)) as keepers:
        month = Month(carries=10, keepers=keepers)
        await month.pass_by(database)
    assert len(month.signed_by) == 5
    assert month.doubted == {LOST}


async def test_where_much_hangs_on_one_who_is_behind_nobody_is_left_behind(
    database: Database,
) -> None:
    month = Month(carries=30)
    await month.pass_by(database)
    assert len(month.signed_by) == 1
    assert month.doubted == set()
    assert {frozenset(it) for it in month.held} == {frozenset({LOST})}
    assert month.told == pytest.approx(30 - 7, abs=2), "once a day"


async def test_once_it_looks_again_the_key_turns_at_the_next_try(database: Database) -> None:
    looked: list[int] = []

    def look_on_the_twentieth_day(month: Month, ring: KeyRing, now: int) -> None:
        if not looked and now >= NOON + 20 * DAY:
            looked.append(now)
            month.parties[-1].fetch(ring, now)

    month = Month(carries=30, upset=look_on_the_twentieth_day)
    await month.pass_by(database)
    assert len(month.signed_by) == 2, "and the next one it does not have again"
    assert month.doubted == set()
    assert len(looked) == 1
