"""One thing is stopped and the rest goes on: decided purely, kept in one commit, at once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from consent.catalogue import ATTRIBUTES
from consent.model import Record
from consent.narrowing import Kept, without
from consent.release import GrantGone
from consent.rows import words
from store.micros import DAY
from tests.conftest import OpenDatabase
from tests.consent.house import ME, NOON, PHONE, REFUND, House, decision, declared, racing

NAME, SEX, PHONE_NUMBER = "person.name", "person.sex", "person.phone"
LIVE = "SELECT allowed FROM record WHERE ended_at IS NULL"
pytestmark = pytest.mark.anyio


def record(allowed: frozenset[str]) -> Record:
    return Record(
        record_id="r-1",
        account_id=ME,
        client_id="tax",
        purpose_id="refund",
        purpose_version=1,
        asked=frozenset(ATTRIBUTES),
        allowed=allowed,
        given_at=NOON,
        expires_at=NOON + 1,
    )


@given(some.frozensets(some.sampled_from(sorted(ATTRIBUTES))), some.sampled_from([*ATTRIBUTES, ""]))
def test_what_remains_is_everything_else_and_nothing_more(
    allowed: frozenset[str], attr_id: str
) -> None:
    left = without(record(allowed), REFUND, attr_id)
    if isinstance(left, frozenset):
        assert left == allowed - {attr_id}
        assert left < allowed


@pytest.mark.parametrize(
    ("attr_id", "left"),
    [
        (SEX, frozenset({NAME, "person.email"})),
        (NAME, Kept.REQUIRED),
        (PHONE_NUMBER, Kept.NOT_SHARED),
        ("person.email", frozenset({NAME, SEX})),  # it has no cell any more: nothing needs it
    ],
)
def test_a_choice_is_taken_back_alone_and_a_need_is_not(attr_id: str, left: object) -> None:
    assert without(record(frozenset({NAME, SEX, "person.email"})), REFUND, attr_id) == left


def test_of_a_purpose_that_is_gone_nothing_is_needed() -> None:
    assert without(record(frozenset({NAME})), None, NAME) == frozenset()


async def test_i5_stopping_one_thing_supersedes_the_record_and_its_grants_go_on(
    house: House,
) -> None:
    old = await house.decide()
    grant, ended = await house.grant(old), await house.grant(old)
    await house.grants.end(ended.grant_id, "tax", NOON)

    new = await house.narrowing.stop(old.record_id, ME, PHONE_NUMBER, NOON + 1)

    assert isinstance(new, Record)
    assert await house.records.live(ME, NOON + 1) == [new]
    assert new.allowed == old.allowed - {PHONE_NUMBER}
    assert (new.asked, new.given_at, new.expires_at) == (old.asked, NOON, old.expires_at)
    assert await house.rows("SELECT ended_as FROM record WHERE ended_at = 1893499200000001") == [
        "superseded"
    ]
    assert len(await house.rows("SELECT DISTINCT notice_sha256 || acr FROM record")) == 1
    live = await house.grants.live(grant.grant_id, NOON + 1)
    assert live is not None
    assert (live.record_id, live.allowed) == (new.record_id, new.allowed)
    rests_on = f"SELECT record_id FROM \"grant\" WHERE grant_id = '{ended.grant_id}'"
    assert await house.rows(rests_on) == [old.record_id]
    (event,) = await house.events("RecordNarrowed")
    assert (event["stopped"], event["superseded"]) == (PHONE_NUMBER, old.record_id)
    assert (event["record_id"], event["account_id"]) == (new.record_id, ME)


async def test_i10_what_was_stopped_is_delivered_no_more_and_the_rest_is(house: House) -> None:
    old = await house.decide()
    grant = await house.grant(old)
    assert (await house.userinfo(grant))["phone_number"] == PHONE

    await house.narrowing.stop(old.record_id, ME, PHONE_NUMBER, NOON)

    assert set(await house.userinfo(grant)) == {"name", "birthdate", "gender"}


async def test_a_narrower_record_ends_by_the_same_clock(house: House) -> None:
    old = await house.decide()
    new = await house.narrowing.stop(old.record_id, ME, SEX, NOON + DAY)
    assert isinstance(new, Record)
    assert await house.records.live(ME, old.expires_at - 1) == [new]
    assert await house.records.live(ME, old.expires_at) == []
    assert (
        await house.narrowing.stop(new.record_id, ME, PHONE_NUMBER, old.expires_at)
        is Kept.NOT_SHARED
    )


@pytest.mark.parametrize(
    ("account", "attr_id", "why"),
    [
        (ME, NAME, Kept.REQUIRED),
        (ME, "person.email", Kept.NOT_SHARED),
        ("account-2", SEX, Kept.NOT_SHARED),
    ],
)
async def test_what_is_needed_or_not_mine_stays_as_it_is(
    house: House, account: str, attr_id: str, why: Kept
) -> None:
    old = await house.decide()
    assert await house.narrowing.stop(old.record_id, account, attr_id, NOON) is why
    assert await house.records.live(ME, NOON) == [old]
    assert await house.events("RecordNarrowed") == []


async def test_a_page_that_shows_an_older_record_stops_the_thing_all_the_same(
    house: House,
) -> None:
    old = await house.decide()
    await house.narrowing.stop(old.record_id, ME, SEX, NOON)

    new = await house.narrowing.stop(old.record_id, ME, PHONE_NUMBER, NOON)

    assert isinstance(new, Record)
    assert not new.allowed & {SEX, PHONE_NUMBER}
    assert await house.narrowing.current(old.record_id, ME, NOON) == new
    assert await house.narrowing.current(old.record_id, "account-2", NOON) is None


@pytest.mark.parametrize("difference", ["account_id", "client_id", "purpose_id"])
async def test_i6_narrowing_one_never_touches_another(house: House, difference: str) -> None:
    await house.purposes.apply([declared(purpose_id="other")], NOON)
    other = await house.decide()
    grant = await house.grant(other)
    await house.run(f"UPDATE record SET {difference} = 'other'")
    mine = await house.decide()

    await house.narrowing.stop(mine.record_id, ME, SEX, NOON)

    live = await house.grants.live(grant.grant_id, NOON)
    assert live is not None
    assert live.record_id == other.record_id
    its_own = f"SELECT allowed FROM record WHERE record_id = '{other.record_id}'"
    assert await house.rows(its_own) == [words(other.allowed)]


async def test_i5_what_was_withdrawn_cannot_be_brought_back_by_stopping_a_part(
    house: House,
) -> None:
    old = await house.decide()
    await house.records.withdraw(old.record_id, ME, NOON)
    assert await house.narrowing.stop(old.record_id, ME, SEX, NOON) is Kept.NOT_SHARED
    assert await house.rows(LIVE) == []


async def test_i15_stopping_one_thing_forgets_what_registers_said(house: House) -> None:
    old = await house.decide()
    await house.userinfo(await house.grant(old))
    assert (await house.cache.load("population", ME)).fields
    await house.narrowing.stop(old.record_id, ME, SEX, NOON)
    assert not (await house.cache.load("population", ME)).fields


async def test_i1_stopped_while_a_register_is_being_asked(house: House) -> None:
    """The thing is told to be stopped before the register has answered."""
    old = await house.decide()
    live = await house.grants.live((await house.grant(old)).grant_id, NOON)
    assert live is not None
    house.register.mode = "slow"
    delivering = asyncio.create_task(house.releases.deliver(live, NOON))
    await house.register.asked.wait()
    await house.narrowing.stop(old.record_id, ME, PHONE_NUMBER, NOON)
    house.register.released.set()
    with pytest.raises(GrantGone):
        await delivering
    assert await house.events("DataReleased") == []


async def test_i10_of_racing_releases_none_that_begins_later_holds_what_was_stopped(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    async def race(houses: list[House]) -> None:
        old = await houses[0].decide()
        grant = await houses[0].grant(old)
        stopped = asyncio.Event()

        async def ask(house: House) -> list[tuple[bool, Any]]:
            said: list[tuple[bool, Any]] = []
            for _ in range(15):
                late = stopped.is_set()
                try:
                    said.append((late, await house.userinfo(grant)))
                except GrantGone:
                    said.append((late, None))
            return said

        async def stop() -> None:
            await asyncio.sleep(0)  # after some have begun
            await houses[0].narrowing.stop(old.record_id, ME, PHONE_NUMBER, NOON)
            stopped.set()

        stopping = asyncio.create_task(stop())
        answers = await asyncio.gather(*(ask(house) for house in houses[1:]))
        await stopping
        everything = [one for some_of_them in answers for one in some_of_them]
        assert not [it for late, it in everything if late and "phone_number" in (it or {})]
        assert [it for late, it in everything if late and it]
        delivered = sum("phone_number" in (it or {}) for _, it in everything)
        events = await houses[0].events("DataReleased")
        assert sum(PHONE_NUMBER in event["attributes"] for event in events) == delivered

    await racing(open_database, tmp_path, race)


async def test_i6_of_racing_stops_and_decisions_one_record_is_live_and_no_stop_is_lost(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    async def race(houses: list[House]) -> None:
        old = await houses[0].decide()
        both = (SEX, PHONE_NUMBER) * 6
        outcomes = await asyncio.gather(
            *(
                houses[number % 6].narrowing.stop(old.record_id, ME, attr_id, NOON + number)
                for number, attr_id in enumerate(both)
            )
        )
        assert sum(isinstance(one, Record) for one in outcomes) == 2
        [allowed] = await houses[0].rows(LIVE)
        assert not {SEX, PHONE_NUMBER} & set(allowed.split())
        assert len(await houses[0].events("RecordNarrowed")) == 2

        stops = (houses[it].narrowing.stop(old.record_id, ME, SEX, NOON) for it in range(3))
        again = (houses[3 + it].records.decide(decision(), NOON) for it in range(3))
        await asyncio.gather(*stops, *again)
        assert len(await houses[0].rows(LIVE)) == 1

    await racing(open_database, tmp_path, race)


async def test_i10_a_withdrawal_that_races_with_a_stop_is_not_undone(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    async def race(houses: list[House]) -> None:
        old = await houses[0].decide()
        await asyncio.gather(
            *(it.narrowing.stop(old.record_id, ME, SEX, NOON) for it in houses[:3]),
            *(it.records.withdraw(old.record_id, ME, NOON) for it in houses[3:]),
        )
        current = await houses[0].narrowing.current(old.record_id, ME, NOON)
        narrowed = await houses[0].events("RecordNarrowed")
        withdrawn = await houses[0].events("RecordWithdrawn")
        assert (len(narrowed), len(withdrawn)) in {(1, 0), (0, 1)}
        assert (current is None) == bool(withdrawn)

    await racing(open_database, tmp_path, race)
