"""Keys turn by themselves, by one process at a time, and nobody waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from idp.signing.rotation import AGAIN, TURN, Rotation, turning
from idp.signing.services import SqlServices
from keys.algorithms import ALGORITHMS
from keys.lives.custody import Custody
from keys.lives.lifecycle import Life
from keys.lives.moves import signing, waiting
from keys.lives.policy import LONGEST_LIFE, STOPPED, Policy
from keys.readiness.gate import Gate
from keys.ring import NoActiveKey
from keys.signing_key import State
from keys.sql import SqlKeys
from ledger.event import Ledger
from oidc.logout_token import LIFE as LOGOUT_TOKEN
from store.micros import DAY, HOUR, MINUTE, SECOND
from tests.idp.pages.front import at_home
from tests.keys.samples import CLAIMS
from tests.oidc.front import Browser, change
from tests.world import World, open_world

pytestmark = pytest.mark.anyio
EVERY = 90 * DAY


def rotation(world: World, custody: Custody | None = None) -> Rotation:
    parts = world.house.parts
    return Rotation(custody or parts.custody, parts.gate, parts.storage.database, lambda: world.now)


async def turned(world: World) -> float:
    """Until nothing is due."""
    mine = rotation(world)
    while (pause := await mine.turn()) == 0.0:
        pass
    return pause


async def states(world: World) -> dict[State, int]:
    lives = [it for it in await world.house.parts.custody.lives() if it.alg == "Ed25519"]
    return {state: count for state in State if (count := [it.state for it in lives].count(state))}


async def test_after_its_time_the_successor_signs_and_another_waits(world: World) -> None:
    custody = world.house.parts.custody
    before = await custody.lives()
    assert await turned(world) == TURN
    assert await custody.lives() == before, "nothing is due yet"

    world.now += EVERY
    await turned(world)

    lives = await custody.lives()
    for alg in ALGORITHMS:
        heir, active, next_one = waiting(before, alg), signing(lives, alg), waiting(lives, alg)
        assert heir is not None
        assert active is not None
        assert next_one is not None
        assert (active.kid, active.activated_at) == (heir.kid, world.now)
        assert next_one.created_at == world.now
    assert await states(world) == {State.ACTIVE: 1, State.PUBLISHED: 1, State.RETIRING: 1}
    reasons = {it["reason"] for it in world.events() if it["type"].startswith("Key")}
    assert reasons == {"rotation"}


async def test_what_signed_before_goes_step_by_step(world: World) -> None:
    """K-05 and K-20."""
    ring = await world.ports.keys.current(world.now)
    token = ring.sign(CLAIMS, typ="JWT", alg="Ed25519")
    world.now += EVERY
    await turned(world)
    for wait, state in (
        (2 * HOUR, State.PENDING_DESTRUCTION),
        (7 * DAY - HOUR, State.PENDING_DESTRUCTION),
        (HOUR, State.DESTROYED),
    ):
        world.now += wait
        await turned(world)
        assert await states(world) == {State.ACTIVE: 1, State.PUBLISHED: 1, state: 1}
        ring = await world.ports.keys.current(world.now)
        assert ring.verify(token, typ="JWT") == CLAIMS
    sealed = world.rows("SELECT private_sealed FROM signing_key WHERE state = 'destroyed'")
    assert sealed == [None] * len(sealed)


async def test_of_two_processes_one_turns_them(world: World) -> None:
    await rotation(world).turn()
    world.now += SECOND
    assert await rotation(world).turn() == TURN
    world.now += EVERY
    both = rotation(world), rotation(world)
    await both[0].turn()
    assert await both[1].turn() == TURN


async def test_who_comes_second_looks_again_later(world: World) -> None:
    """Two may think that the lease is theirs: the statements say who was first."""

    class Late(Custody):
        async def plan(self, now: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as it is
            tasks = await super().plan(now)
            await world.house.parts.custody.carry_out(tasks[0], now)
            return tasks

    parts = world.house.parts
    ledger = Ledger(parts.storage.database, world.watch)
    late = Late(parts.storage.database, parts.storage.vault, ledger, parts.custody.policy)
    world.now += EVERY
    assert await rotation(world, late).turn() == AGAIN
    assert (await states(world))[State.ACTIVE] == 1


async def test_who_watches_sees_how_old_each_key_is(world: World) -> None:
    """K-09: told once, in the log and in a figure, and the program is as ready as before."""
    world.now += 115 * DAY
    with capture_logs() as lines:
        for _ in range(2):
            await rotation(world)._watch()  # noqa: SLF001 - what a turn ends with
    ratio = REGISTRY.get_sample_value("motcua_key_age_ratio", {"alg": "ES256"})
    assert ratio is not None
    assert 1.0 < ratio < 1.1
    assert [line["per_cent"] for line in lines if line["event"] == "key overdue"] == [100] * 5
    told = [it["per_cent"] for it in world.events() if it["type"] == "KeyOverdue"]
    assert told == [100] * 5
    assert (await world.rp.get("/readyz")).status_code == 200


async def test_when_all_have_signed_for_too_long_it_asks_to_come_back(world: World) -> None:
    """K-09: the hard stop. Never a fault; discovery names no algorithm, and nothing is signed."""
    world.now += 136 * DAY
    assert (await world.rp.get("/readyz")).status_code == 503


async def test_nothing_that_is_signed_outlives_its_key(world: World) -> None:
    """K-05: for how long a key is shown after it has signed for the last time."""
    assert max(world.ports.config.token_ttl, LOGOUT_TOKEN) <= LONGEST_LIFE < Policy().behind


async def test_a_locked_database_stops_no_rotation(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        world.sql.execute("BEGIN IMMEDIATE")
        parts = world.house.parts
        async with turning(parts.custody, parts.gate, parts.storage.database, lambda: world.now):
            pass
        world.sql.execute("ROLLBACK")


async def test_a_demonstration_may_turn_every_few_seconds(tmp_path: Path) -> None:
    async with open_world(tmp_path, keys={"demonstration_seconds": 5}) as world:
        policy = world.house.parts.custody.policy
        assert policy == Policy.of_demonstration(5 * SECOND)
        assert 0 < await turned(world) <= 5


@dataclass
class Held:
    """A world outside the demonstration: one service, known and behind, carries all sign-ins."""

    world: World
    rotation: Rotation

    async def hours(self, hours: int) -> float:
        self.world.now += hours * HOUR
        while (pause := await self.rotation.turn()) == 0.0:
            pass
        return pause

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [it for it in self.world.events() if it["type"] == kind]


@pytest.fixture
async def held(world: World) -> Held:
    await change(world, "shop", key_set_name="0123456789abcdef0123456789abcdef")
    await Browser(world, await at_home(world)).tokens()
    parts, policy = world.house.parts, Policy(every=7 * DAY)
    database, vault, ledger = parts.storage.database, parts.storage.vault, parts.ledger
    gate = Gate(database, ledger, SqlServices(database, parts.clients), policy)
    custody = Custody(database, vault, ledger, policy, passed=gate.passed)
    return Held(world, Rotation(custody, gate, database, lambda: world.now))


async def test_a_key_that_too_few_have_waits_and_all_others_turn(held: Held) -> None:
    with capture_logs() as lines:
        assert 0 < await held.hours(7 * 24) <= TURN
    lives = await held.world.house.parts.custody.lives()
    young = {alg for alg in ALGORITHMS if is_young(lives, alg, held.world.now)}
    assert young == {*ALGORITHMS} - {"ES256"}
    [told] = held.told("KeyHeld")
    assert (told["alg"], told["behind"], told["share_ppm"]) == ("ES256", ["shop"], 1_000_000)
    assert [it["behind"] for it in lines if it["event"] == "key held"] == [["shop"]]
    ratio = REGISTRY.get_sample_value("motcua_key_held_ratio", {"alg": "ES256"})
    other = REGISTRY.get_sample_value("motcua_key_held_ratio", {"alg": "RS256"})
    assert (ratio, other) == (1.0, 0.0)


def is_young(lives: Sequence[Life], alg: str, now: int) -> bool:
    active = signing(lives, alg)
    return active is not None and active.activated_at == now


async def test_it_is_tried_again_and_told_once_a_day(held: Held) -> None:
    await held.hours(7 * 24)
    for _ in range(48):
        await held.hours(1)
    assert len(held.told("KeyHeld")) == 3
    name = "0123456789abcdef0123456789abcdef"
    assert (await held.world.rp.get(f"/jwks/shop.{name}")).status_code == 200
    await held.world.house.readers.write()
    await held.hours(1)
    lives = await held.world.house.parts.custody.lives()
    assert is_young(lives, "ES256", held.world.now)
    assert REGISTRY.get_sample_value("motcua_key_held_ratio", {"alg": "ES256"}) == 0.0


async def test_while_it_is_held_it_is_looked_at_every_ten_minutes(held: Held) -> None:
    await held.hours(7 * 24)
    rows = "SELECT held_at FROM signing_key WHERE held_at IS NOT NULL"
    [first] = held.world.rows(rows)
    held.world.sql.execute("UPDATE signing_key SET held_at = NULL")
    held.world.now += 9 * MINUTE
    await held.hours(0)
    assert held.world.rows(rows) == []
    held.world.now += MINUTE
    await held.hours(0)
    assert held.world.rows(rows) == [first + 10 * MINUTE]


async def test_a_key_that_is_held_for_too_long_still_stops(held: Held) -> None:
    """K-09: the gate protects those who are behind, not a key that is too old."""
    parts, policy = held.world.house.parts, Policy(every=7 * DAY)
    storage = parts.storage
    keys = SqlKeys(storage.database, storage.vault, replace(policy, demonstration=True))
    await held.hours(7 * 24)
    active = signing(await parts.custody.lives(), "ES256")
    assert active is not None
    held.world.now = held.world.now - active.age(held.world.now) + policy.reached(STOPPED) - 1
    await held.hours(0)
    (await keys.load(held.world.now)).sign(CLAIMS, typ="JWT")
    await held.hours(1)
    with pytest.raises(NoActiveKey):
        (await keys.load(held.world.now)).sign(CLAIMS, typ="JWT")
    assert 120 in {it["per_cent"] for it in held.told("KeyOverdue") if it["alg"] == "ES256"}
