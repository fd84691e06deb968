"""Thirty days of rotations, seen by those who must check our tokens. Core section 10.1.1."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from keys.lives.custody import Custody
from keys.lives.lifecycle import Step
from keys.lives.moves import signing, waiting
from keys.lives.plan import Task
from keys.lives.policy import Policy
from keys.ring import KeyRing
from keys.rows import KEY
from keys.signers.keepers import Keepers
from keys.sql import SqlKeys
from keys.statement import named_key
from keys.vault import Vault
from store.micros import DAY, HOUR, MINUTE
from tests import servers
from tests.keys.relying_parties import RelyingParty, all_kinds, is_ours
from tests.keys.samples import CLAIMS, NOON
from tests.keys.signers import softhsm
from tests.keys.signers.softhsm import kept_in
from tests.keys.turner import KEK, MACHINE, custody_of, opened

WEEKLY = Policy(every=7 * DAY)
STEP = 29 * MINUTE
LATE = 3  # a token is checked when it is new, and once more two steps later: after 58 minutes

Upset = Callable[[Custody, int], Awaitable[object]]


@dataclass
class Month:
    """On a real database. ``upset`` happens at each step, before the policy acts.

    ``keepers``: where keys are made.
    """

    place: str
    policy: Policy
    days: int = 30
    upset: Upset | None = None
    keepers: Keepers = field(default_factory=Keepers)
    parties: list[RelyingParty] = field(default_factory=all_kinds)
    doubted: set[str] = field(default_factory=set)
    signed_by: set[str] = field(default_factory=set)

    async def pass_by(self) -> None:
        async with opened(self.place) as database:
            custody = custody_of(database, self.policy, self.keepers)
            keys = SqlKeys(database, Vault(KEK), self.policy, self.keepers)
            await custody.carry_out(Task(NOON, "ES256", Step.PUBLISH), NOON)
            [first] = await custody.lives()
            start = NOON + self.policy.ahead
            await custody.take(first.kid, Step.ACTIVATE, MACHINE, start)
            old: deque[str] = deque(maxlen=LATE)
            for now in range(start, start + self.days * DAY, STEP):
                await self._act(custody, now)
                ring = await keys.load(now)
                old.append(await ring.signed(CLAIMS, typ="JWT"))
                for token in (old[0], old[-1]):
                    self._look(token, ring, now)

    async def _act(self, custody: Custody, now: int) -> None:
        if self.upset is not None:
            await self.upset(custody, now)
        for task in await custody.plan(now):
            if task.alg == "ES256" and task.at <= now:
                await custody.carry_out(task, now)
        await custody.put_away(now)

    def _look(self, token: str, ring: KeyRing, now: int) -> None:
        self.signed_by.add(named_key(token) or "")
        assert is_ours(token, ring)
        self.doubted |= {it.name for it in self.parties if not it.believes(token, ring, now)}


@pytest.fixture
def place(tmp_path: Path) -> str:
    servers.make_sqlite(tmp_path / "motcua.db")
    return str(tmp_path / "motcua.db")


async def nobody_doubts(place: str, keepers: Keepers) -> set[str]:
    """Who kept the keys by which all those tokens were signed."""
    month = Month(place, WEEKLY, keepers=keepers)
    await month.pass_by()
    assert month.doubted == set()
    assert len(month.signed_by) == 5, "every seven days another"
    async with opened(place) as database:
        rows = await database.read(database.prepare(select(KEY)))
    left = [row for row in rows if row["private_sealed"] or row["reference"]]
    assert {row["state"] for row in left} == {"active", "published"}
    return {row["provider"] for row in rows}


@pytest.mark.anyio
async def test_every_relying_party_believes_every_token(place: str) -> None:
    """K-08."""
    assert await nobody_doubts(place, Keepers()) == {"software"}


@pytest.mark.anyio
async def test_and_every_token_that_a_key_in_a_token_of_hardware_has_signed(
    place: str, tmp_path: Path
) -> None:
    """K-08 and K-25."""
    async with kept_in(softhsm.token(tmp_path)) as keepers:
        assert await nobody_doubts(place, keepers) == {"pkcs11"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("ahead", "doubted"),
    [(2 * DAY, set()), (HOUR, {"half a day", "a day"})],
    ids=["two days", "an hour"],
)
async def test_a_successor_that_was_lost_on_the_last_day_is_waited_for(
    place: str, ahead: int, doubted: set[str]
) -> None:
    """K-04 and K-08: and those two days are what it takes."""

    async def lose_the_successor(custody: Custody, now: int) -> None:
        lives = await custody.lives()
        active, heir = signing(lives, "ES256"), waiting(lives, "ES256")
        due = active is not None and active.age(now) > 7 * DAY - HOUR
        if due and heir is not None and now < NOON + 10 * DAY and heir.published_at < now - DAY:
            await custody.take(heir.kid, Step.SUSPEND, MACHINE, now)

    month = Month(place, replace(WEEKLY, ahead=ahead), 10, lose_the_successor)
    await month.pass_by()
    assert month.doubted == doubted
    assert len(month.signed_by) == 2


@pytest.mark.anyio
async def test_a_key_that_is_shown_too_briefly_is_doubted(place: str) -> None:
    """K-05: why it stays in the key set after it has signed for the last time."""
    month = Month(place, replace(WEEKLY, behind=0), 9)
    await month.pass_by()
    assert "five minutes" in month.doubted
