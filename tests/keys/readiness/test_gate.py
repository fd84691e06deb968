"""The gate in front of a real custody: what it holds, what it lets pass, what is written of it."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from keys.lives.by import By, Override
from keys.lives.custody import Custody, Raced
from keys.lives.lifecycle import Life, Refused, Step
from keys.lives.moves import signing
from keys.lives.policy import Policy
from keys.readiness.fetches import SqlFetches
from keys.readiness.gate import Gate, NotReady
from keys.readiness.judge import Fetch, Service
from keys.signing_key import State
from keys.vault import Vault
from ledger.event import Ledger
from store.database import Database
from store.micros import DAY
from tests.keys.readiness.samples import fetch, service
from tests.keys.samples import NOON
from tests.keys.test_custody import events, found, put
from tests.keys.test_lifecycle import a_life
from tests.keys.turner import KEK
from tests.watchman import Watchman

pytestmark = pytest.mark.anyio
OFFICER = By("officer-1", "a drill")
SURE = Override("they were called", ("officer-1", "officer-2"))


@dataclass
class Place:
    """A key that signs, one that may follow by its age, and services."""

    database: Database
    policy: Policy = field(default_factory=Policy)
    services: list[Service] = field(default_factory=list)
    active: Life = field(init=False)
    heir: Life = field(init=False)

    def __post_init__(self) -> None:
        ledger = Ledger(self.database, Watchman())
        self.gate = Gate(self.database, ledger, self.listed, self.policy)
        keepers = None
        vault = Vault(KEK)
        self.custody = Custody(self.database, vault, ledger, self.policy, keepers, self.gate.passed)

    async def listed(self, now: int) -> Sequence[Service]:
        return self.services

    async def furnished(self) -> "Place":
        self.active = await put(self.database, a_life(State.ACTIVE))
        self.heir = await put(self.database, a_life(State.PUBLISHED))
        return self

    async def fetched(self, *names: str) -> None:
        await self.gate.fetches.heard(fetch(it, self.heir.kid) for it in names)

    async def activate(self, by: By = OFFICER) -> None:
        await self.custody.take(self.heir.kid, Step.ACTIVATE, by, NOON)

    async def told(self, kind: str) -> list[dict[str, Any]]:
        return [it for it in await events(self.database) if it["type"] == kind]


@pytest.fixture
async def place(database: Database) -> Place:
    services = [service("a", 60), service("b", 38), service("c", 2), service("d", 9, known=False)]
    return await Place(database, services=services).furnished()


async def test_a_key_that_too_few_have_does_not_sign_and_nothing_is_written(place: Place) -> None:
    await place.fetched("a")
    with pytest.raises(NotReady, match=r"36\.7% of .* not fetched it, b, c$") as refused:
        await place.activate()
    assert [it.service.client_id for it in refused.value.found.stale] == ["b", "c"]
    assert await found(place.custody, place.heir.kid) == place.heir
    assert await events(place.database) == []

    await place.fetched("b")
    with pytest.raises(NotReady, match=r"not fetched it, c$"):
        await place.activate()
    await place.fetched("c")
    await place.activate()
    assert (await found(place.custody, place.heir.kid)).state is State.ACTIVE


async def test_what_is_tolerated_is_let_pass(database: Database) -> None:
    services = [service("a", 99), service("b", 1)]
    place = await Place(database, services=services).furnished()
    await place.fetched("a")
    await place.activate()
    [turned] = [it for it in await place.told("KeyTurned") if it["step"] == "activate"]
    assert (turned["override"], turned["behind"]) == ("", [])


async def test_whoever_overrides_is_written_down_with_who_is_behind(place: Place) -> None:
    await place.fetched("a")
    await place.activate(replace(OFFICER, override=SURE))
    said = {it["step"]: it for it in await place.told("KeyTurned")}
    over = said["activate"]
    assert over["override"] == "they were called"
    assert over["officers"] == ["officer-1", "officer-2"]
    assert over["behind"] == ["b", "c"]
    assert over["actor"] == "officer-1"
    assert (said["supersede"]["override"], said["supersede"]["officers"]) == ("", [])


async def test_where_nothing_holds_it_nothing_is_overridden(place: Place) -> None:
    await place.fetched("a", "b", "c")
    await place.activate(replace(OFFICER, override=SURE))
    assert {it["override"] for it in await place.told("KeyTurned")} == {""}


async def test_an_override_shortens_no_waiting_time(place: Place) -> None:
    """K-04: that is for an emergency alone."""
    late = await put(place.database, a_life(State.PUBLISHED, published_at=NOON))
    with pytest.raises(Refused, match="later"):
        await place.custody.take(late.kid, Step.ACTIVATE, replace(OFFICER, override=SURE), NOON)


@pytest.mark.parametrize("step", [Step.SUSPEND, Step.COMPROMISE])
async def test_an_emergency_waits_for_nobody(place: Place, step: Step) -> None:
    await place.custody.take(place.active.kid, step, OFFICER, NOON)
    active = signing(await place.custody.lives(), "ES256")
    assert active is not None
    assert active.kid == place.heir.kid
    assert {it["override"] for it in await place.told("KeyTurned")} == {""}


async def test_a_demonstration_holds_nothing(database: Database) -> None:
    policy = Policy.of_demonstration()
    place = await Place(database, policy, [service("a", 1)]).furnished()
    await place.activate(replace(OFFICER, override=SURE))
    assert {it["override"] for it in await place.told("KeyTurned")} == {""}


async def test_that_a_key_waits_is_told_once_a_day_whoever_sees_it(place: Place) -> None:
    with pytest.raises(NotReady) as refused:
        await place.activate()
    told = [await place.gate.hold(refused.value, NOON + it) for it in (0, 1, DAY - 1, DAY)]
    assert told == [True, False, False, True]
    both = await asyncio.gather(*(place.gate.hold(refused.value, NOON + 2 * DAY) for _ in range(5)))
    assert sorted(both) == [False] * 4 + [True]
    held = await place.told("KeyHeld")
    assert len(held) == 3
    assert held[0]["behind"] == ["a", "b", "c"]
    assert held[0]["share_ppm"] == 917431
    assert (await found(place.custody, place.heir.kid)).held_at == NOON + 2 * DAY
    both_keys = await place.gate.look(await place.custody.lives(), NOON)
    assert {it.held_at for it in both_keys} == {None, NOON + 2 * DAY}


async def test_a_key_that_signs_is_held_no_more(place: Place) -> None:
    with pytest.raises(NotReady) as refused:
        await place.activate()
    await place.gate.hold(refused.value, NOON)
    await place.fetched("a", "b", "c")
    await place.activate()
    assert (await found(place.custody, place.heir.kid)).held_at is None
    assert not await place.gate.hold(refused.value, NOON + DAY)


async def test_of_many_who_override_at_once_one_is_first(place: Place) -> None:
    outcomes = await asyncio.gather(
        *(place.activate(replace(OFFICER, override=SURE)) for _ in range(4)),
        return_exceptions=True,
    )
    assert [it is None for it in outcomes].count(True) == 1
    assert all(it is None or isinstance(it, Raced | Refused) for it in outcomes)
    assert len([it for it in await place.told("KeyTurned") if it["override"]]) == 1


async def test_whatever_order_fetches_are_written_in_first_and_last_are_kept(
    database: Database,
) -> None:
    fetches = SqlFetches(database)
    heard = [fetch(name, kid, NOON + at) for name in "ab" for kid in "kl" for at in range(12)]
    random.Random(1).shuffle(heard)
    await asyncio.gather(*(fetches.heard(heard[at::6]) for at in range(6)))
    expected = [Fetch(name, kid, NOON, NOON + 11) for kid in "kl" for name in "ab"]
    assert await fetches.all() == expected
    await fetches.heard(())
    assert await fetches.all() == expected
