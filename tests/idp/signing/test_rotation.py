"""Keys turn by themselves, by one process at a time, and nobody waits for it."""

from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from idp.signing.rotation import AGAIN, TURN, Rotation, turning
from keys.algorithms import ALGORITHMS
from keys.lives.custody import Custody
from keys.lives.moves import signing, waiting
from keys.lives.policy import LONGEST_LIFE, Policy
from keys.signing_key import State
from ledger.event import Ledger
from oidc.logout_token import LIFE as LOGOUT_TOKEN
from store.micros import DAY, HOUR, SECOND
from tests.keys.samples import CLAIMS
from tests.world import World, open_world

pytestmark = pytest.mark.anyio
EVERY = 90 * DAY


def rotation(world: World, custody: Custody | None = None) -> Rotation:
    parts = world.house.parts
    return Rotation(custody or parts.custody, parts.storage.database, lambda: world.now)


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
        async with turning(parts.custody, parts.storage.database, lambda: world.now):
            pass
        world.sql.execute("ROLLBACK")


async def test_a_demonstration_may_turn_every_few_seconds(tmp_path: Path) -> None:
    async with open_world(tmp_path, keys={"demonstration_seconds": 5}) as world:
        policy = world.house.parts.custody.policy
        assert policy == Policy.of_demonstration(5 * SECOND)
        assert 0 < await turned(world) <= 5
