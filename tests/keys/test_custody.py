"""Keys change in SQL: each step with its event in one commit, of many who race one is first."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from keys.algorithms import ALGORITHMS
from keys.lives.by import By
from keys.lives.custody import Custody, Raced
from keys.lives.lifecycle import KEEPING, Life, Refused, Step, TooEarly, after
from keys.lives.moves import Taken, signing
from keys.lives.plan import Task
from keys.lives.policy import Policy
from keys.ring import BadToken, NoActiveKey
from keys.rows import KEY, columns_of
from keys.signing_key import KeyFault, State, private_octets
from keys.sql import SqlKeys
from keys.vault import Vault
from ledger.event import EventRow
from store.database import Database, Write
from store.micros import DAY, HOUR
from store.schema import table
from tests import servers
from tests.keys.samples import CLAIMS, NOON, es256
from tests.keys.test_lifecycle import ALLOWED, LATER, a_life
from tests.keys.turner import KEK, custody_of, opened

OFFICER = By("officer-1", "a drill")
POLICY = Policy()
EVENT = table(EventRow)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What another process needs to know of a database with all tables."""
    if request.param == "sqlite":
        servers.make_sqlite(tmp_path / "motcua.db")
        return str(tmp_path / "motcua.db")
    return str(request.getfixturevalue("tables_url"))


def ring_of(database: Database, policy: Policy = POLICY) -> SqlKeys:
    return SqlKeys(database, Vault(KEK), policy)


async def put(database: Database, life: Life, *, demonstration: bool = False) -> Life:
    """A real key with this life."""
    key = es256(life.state)
    life = replace(life, kid=key.kid)
    assert key.private is not None
    sealed = Vault(KEK).seal(private_octets(key.private), f"signing_key.private_sealed:{key.kid}")
    row = {
        **columns_of(life),
        "public_jwk": json.dumps(dict(key.public)),
        "private_sealed": sealed if life.state in KEEPING else None,
        "demonstration": int(demonstration),
        "provider": "software",
        "reference": None,
    }
    await database.commit(Write(database.prepare(insert(KEY)), row))
    return life


async def clear(database: Database) -> None:
    await database.commit(*(Write(database.prepare(delete(it)), {}) for it in (KEY, EVENT)))


async def events(database: Database) -> list[dict[str, Any]]:
    rows = await database.read(database.prepare(select(EVENT).order_by(EVENT.c.event_id)))
    return [json.loads(bytes(row["body"])) for row in rows]


async def found(custody: Custody, kid: str) -> Life:
    return next(life for life in await custody.lives() if life.kid == kid)


async def private_part(database: Database, kid: str) -> bytes | None:
    [row] = await database.read(database.prepare(select(KEY).where(KEY.c.kid == kid)))
    return row["private_sealed"]  # type: ignore[no-any-return]  # a column


@pytest.mark.anyio
@pytest.mark.parametrize("state", State, ids=str)
async def test_every_step_from_every_state(database: Database, state: State) -> None:
    """K-01, on both engines: taken with its event, or refused and nothing is written."""
    custody = custody_of(database)
    for step in Step:
        await clear(database)
        life = await put(database, a_life(state))
        if (state.value, step.value) not in ALLOWED or step is Step.SUPERSEDE:
            with pytest.raises(Refused):
                await custody.take(life.kid, step, OFFICER, LATER)
            assert await found(custody, life.kid) == life
            assert await events(database) == []
            continue
        await custody.take(life.kid, step, OFFICER, LATER)
        left = await found(custody, life.kid)
        assert left == after(life, step, POLICY, LATER)
        told = next(it for it in await events(database) if it["kid"] == life.kid)
        assert {**told, "event_id": ""} == {
            "event_id": "",
            "type": "KeyTurned",
            "at": LATER,
            "kid": life.kid,
            "alg": "ES256",
            "step": step.value,
            "was": state.value,
            "state": left.state.value,
            "actor": "officer-1",
            "reason": "a drill",
            "override": "",
            "officers": [],
            "behind": [],
        }
        erased = not {state, left.state} <= KEEPING
        assert (await private_part(database, life.kid) is None) == erased


@pytest.mark.anyio
async def test_a_key_turns_in_one_commit(database: Database) -> None:
    custody = custody_of(database)
    old = await put(database, a_life(State.ACTIVE))
    heir = await put(database, a_life(State.PUBLISHED, published_at=NOON))
    with pytest.raises(TooEarly) as refused:
        await custody.take(heir.kid, Step.ACTIVATE, OFFICER, NOON)
    assert refused.value.at == NOON + 48 * HOUR

    await custody.take(heir.kid, Step.ACTIVATE, OFFICER, NOON + 48 * HOUR)

    assert (await found(custody, old.kid)).state is State.RETIRING
    assert (await found(custody, heir.kid)).state is State.ACTIVE
    assert await private_part(database, old.kid) is None
    assert [
        it["step"] for it in sorted(await events(database), key=lambda it: it["kid"] != old.kid)
    ] == [
        "supersede",
        "activate",
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("step", [Step.SUSPEND, Step.COMPROMISE])
async def test_whoever_stops_the_last_key_makes_another(database: Database, step: Step) -> None:
    custody = custody_of(database)
    lost = await put(database, a_life(State.ACTIVE))
    forged = (await ring_of(database).load(NOON)).sign(CLAIMS, typ="JWT")

    await custody.take(lost.kid, step, OFFICER, NOON)

    new = signing(await custody.lives(), "ES256")
    assert new is not None
    assert new.kid != lost.kid
    ring = await ring_of(database).load(NOON)
    assert lost.kid.encode() not in ring.jwks_body
    with pytest.raises(BadToken):
        ring.verify(forged, typ="JWT")
    assert ring.verify(ring.sign(CLAIMS, typ="JWT"), typ="JWT") == CLAIMS


@pytest.mark.anyio
async def test_what_was_suspended_is_believed_again_and_what_was_lost_never(
    database: Database,
) -> None:
    custody, keys = custody_of(database), ring_of(database)
    key = await put(database, a_life(State.ACTIVE))
    token = (await keys.load(NOON)).sign(CLAIMS, typ="JWT")
    await custody.take(key.kid, Step.SUSPEND, OFFICER, NOON)
    await custody.take(key.kid, Step.RESUME, OFFICER, NOON)
    assert (await keys.load(NOON)).verify(token, typ="JWT") == CLAIMS
    for step in (Step.COMPROMISE, Step.DISCARD, Step.DESTROY):
        await custody.take(key.kid, step, OFFICER, LATER + 30 * DAY * (step is Step.DESTROY))
        with pytest.raises(BadToken):
            (await keys.load(NOON)).verify(token, typ="JWT")
    assert await private_part(database, key.kid) is None


@pytest.mark.anyio
async def test_what_was_resumed_too_late_is_nobodys_successor(database: Database) -> None:
    """It goes on ageing while it is suspended, and would be over before another may sign."""
    custody, keys = custody_of(database), ring_of(database)
    late = await put(database, a_life(State.PUBLISHED, activated_at=NOON - 140 * DAY))
    old = await put(database, a_life(State.ACTIVE, activated_at=NOON - 89 * DAY))
    for days in range(6):
        now = NOON + days * DAY
        for task in [it for it in await custody.plan(now) if it.alg == "ES256" and it.at <= now]:
            await custody.carry_out(task, now)
        assert (await keys.load(now)).sign(CLAIMS, typ="JWT")

    new = signing(await custody.lives(), "ES256")
    assert new is not None
    assert new.kid not in (late.kid, old.kid)
    with pytest.raises(Refused, match="has signed for too long: let another sign"):
        await custody.take(late.kid, Step.ACTIVATE, OFFICER, now)
    taken = await custody.take(new.kid, Step.SUSPEND, OFFICER, now)
    assert taken.signs is not None
    assert taken.signs.kid != late.kid


@pytest.mark.anyio
async def test_the_archive_knows_a_destroyed_key_for_its_time(database: Database) -> None:
    """For ``id_token_hint``: OpenID Connect Core section 3.1.2.1."""
    custody, keys = custody_of(database), ring_of(database)
    key = await put(database, a_life(State.ACTIVE, activated_at=NOON))
    token = (await keys.load(NOON)).sign(CLAIMS, typ="JWT")
    await custody.rotate(OFFICER, NOON)
    now = NOON
    for _ in range(3):
        [task] = [it for it in await custody.plan(now) if it.kid == key.kid]
        now = task.at
        with pytest.raises(Refused):
            await custody.carry_out(task, now - 1)
        await custody.carry_out(task, now)
        assert (await keys.load(now)).verify(token, typ="JWT") == CLAIMS
    assert (await found(custody, key.kid)).state is State.DESTROYED
    assert now == NOON + POLICY.behind + 7 * DAY
    with pytest.raises(BadToken):
        (await keys.load(now + 400 * DAY)).verify(token, typ="JWT")


@pytest.mark.anyio
async def test_far_beyond_its_time_a_key_signs_no_more(database: Database) -> None:
    """K-09: without any job having run, and what it signed before is still believed."""
    keys = ring_of(database)
    await put(database, a_life(State.ACTIVE, activated_at=NOON))
    token = (await keys.load(NOON + 135 * DAY - 1)).sign(CLAIMS, typ="JWT")
    ring = await keys.load(NOON + 135 * DAY)
    with pytest.raises(NoActiveKey):
        ring.sign(CLAIMS, typ="JWT")
    assert ring.verify(token, typ="JWT") == CLAIMS


@pytest.mark.anyio
async def test_of_an_overdue_key_somebody_hears_once(database: Database) -> None:
    custody = custody_of(database)
    key = await put(database, a_life(State.ACTIVE, activated_at=NOON))
    for day in (89, 90, 91, 113, 114, 135, 140):
        for _ in range(2):
            assert [it.kid for it, _ in await custody.alarm(NOON + day * DAY)] == [key.kid]
    told = [(it["type"], it["kid"], it["per_cent"]) for it in await events(database)]
    assert told == [("KeyOverdue", key.kid, it) for it in (80, 100, 120)]


@pytest.mark.anyio
async def test_two_who_see_the_same_alarm_tell_it_once(database: Database) -> None:
    custody = custody_of(database)
    await put(database, a_life(State.ACTIVE, activated_at=NOON))
    await asyncio.gather(*(custody.alarm(NOON + 90 * DAY) for _ in range(5)))
    assert len(await events(database)) == 1


@pytest.mark.anyio
async def test_a_successor_that_was_ready_signs_where_none_does(database: Database) -> None:
    ready = await put(database, a_life(State.PUBLISHED, published_at=NOON))
    custody = custody_of(database)
    for alg in ALGORITHMS:
        if alg != "ES256":
            await put(database, a_life(State.ACTIVE, alg=alg))
    await custody.begin(NOON)
    active = signing(await custody.lives(), "ES256")
    assert active is not None
    assert active.kid == ready.kid


@pytest.mark.anyio
async def test_keys_of_a_demonstration_start_nowhere_else(database: Database) -> None:
    """K-11."""
    trying = Policy.of_demonstration()
    await custody_of(database, trying).carry_out(Task(NOON, "ES256", Step.PUBLISH), NOON)
    assert await ring_of(database, trying).load(NOON)
    with pytest.raises(KeyFault, match="demonstration"):
        await ring_of(database).load(NOON)


@pytest.mark.anyio
async def test_of_those_who_activate_different_keys_one_is_first(database: Database) -> None:
    """K-02."""
    custody = custody_of(database)
    await put(database, a_life(State.ACTIVE))
    heirs = [await put(database, a_life(State.PUBLISHED)) for _ in range(4)]
    outcomes = await asyncio.gather(
        *(custody.take(it.kid, Step.ACTIVATE, OFFICER, NOON) for it in heirs),
        return_exceptions=True,
    )
    # who reads after another has committed comes after it, which is no race
    assert {type(it) for it in outcomes} <= {Taken, Raced}
    told = [it["state"] for it in await events(database)]
    assert told.count(State.ACTIVE) == [type(it) for it in outcomes].count(Taken) > 0
    assert_legal(await custody.lives())


@pytest.mark.anyio
async def test_of_those_who_make_a_successor_one_does(database: Database) -> None:
    """Who planned it at the same moment, and who had planned it before."""
    custody = custody_of(database)
    await put(database, a_life(State.ACTIVE))
    task = Task(NOON, "ES256", Step.PUBLISH)
    outcomes = await asyncio.gather(
        *(custody.carry_out(task, NOON) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(it).__name__ for it in outcomes) == ["NoneType", *["Raced"] * 3]
    with pytest.raises(Raced):
        await custody.carry_out(task, NOON)
    assert [it.state for it in await custody.lives()].count(State.PUBLISHED) == 1


@pytest.mark.anyio
async def test_of_two_steps_of_one_key_in_the_same_moment_one_is_taken(database: Database) -> None:
    """Even where its times alone could not tell that it has changed."""
    custody = custody_of(database)
    key = await put(database, a_life(State.PUBLISHED, changed_at=NOON))
    outcomes = await asyncio.gather(
        *(custody.take(key.kid, Step.SUSPEND, OFFICER, NOON) for _ in range(4)),
        return_exceptions=True,
    )
    # who reads after the first has committed is refused for the state that the key is in then
    assert [type(it) in (Raced, Refused) for it in outcomes].count(True) == 3
    assert len(await events(database)) == 1


def assert_legal(lives: Sequence[Life]) -> None:
    assert sum(life.state is State.ACTIVE for life in lives) <= 1
    for life in lives:
        retired = life.state in (State.RETIRING, State.RETIRED)
        assert not retired or life.deactivated_at is not None
        assert (life.state is State.COMPROMISED) <= (life.compromised_at is not None)


Turner = subprocess.Popen[str]


@pytest.fixture
def turner(place: str) -> Callable[[], Turner]:
    def start() -> Turner:
        words = [sys.executable, "-m", "tests.keys.turner", place]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    return start


async def legal(place: str) -> Sequence[Life]:
    """What lies there is legal and opens, and the events lead to each state, step by step."""
    async with opened(place) as database:
        lives = await custody_of(database).lives()
        assert_legal(lives)
        await ring_of(database).load(LATER)
        told = await events(database)
        assert {it["kid"] for it in told} == {life.kid for life in lives}
        for life in lives:
            assert led_to([it for it in told if it["kid"] == life.kid]) == life.state.value
            erased = await private_part(database, life.kid) is None
            assert erased == (life.state not in KEEPING)
        return lives


def led_to(told: Sequence[dict[str, Any]]) -> str:
    """The state at the end of all these events, in whatever order they lie."""
    [state] = [it["state"] for it in told if it["type"] == "KeyMade"]
    steps = {it["was"]: it["state"] for it in told if it["type"] == "KeyTurned"}
    assert len(steps) == len(told) - 1
    while state in steps:
        state = steps.pop(state)
    assert not steps
    return str(state)


def test_two_processes_that_turn_keys_leave_one_that_signs(
    place: str, turner: Callable[[], Turner]
) -> None:
    """K-02. Killed while they do: whatever was under way, what is left is legal."""
    for turns in (1, 16):
        both = [turner(), turner()]
        try:
            for process in both:
                assert process.stdout is not None
                for _ in range(turns):
                    process.stdout.readline()
        finally:
            for process in both:
                process.kill()
                process.communicate()
        asyncio.run(legal(place))
    lives = asyncio.run(legal(place))
    assert len(lives) > 3
    assert any(life.state is State.ACTIVE for life in lives)
