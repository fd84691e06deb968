"""A decision is kept once, in a live session, and ended in one commit with all that rests on it."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from consent.model import Record, Refusal
from consent.rows import RECORD
from keys.secrets import digest
from store.database import Conflict, Unavailable, Write
from store.micros import DAY, MINUTE
from store.sqlite import SqliteDatabase
from store.sqlite_file import connect
from tests.conftest import OpenDatabase
from tests.consent.house import (
    ME,
    NOON,
    REFUND,
    SESSION_ID,
    House,
    Race,
    decision,
    declared,
    furnish,
    notice,
    one_time,
    open_house,
    racing,
)
from tests.servers import make_sqlite

pytestmark = pytest.mark.anyio
LIVE = "SELECT record_id FROM record WHERE ended_at IS NULL"


def refusal(interaction_id: str) -> Refusal:
    return Refusal(
        interaction_id=interaction_id,
        account_id=ME,
        client_id="tax",
        purpose=REFUND,
        asked=frozenset({"person.name"}),
        notice=notice("n"),
    )


async def test_a_decision_leaves_a_record_its_notice_and_one_event(house: House) -> None:
    record = await house.decide(allowed=frozenset({"person.name", "person.birthdate"}))

    assert await house.records.live(ME, NOON) == [record]
    assert record.expires_at == NOON + 30 * DAY
    assert await house.rows("SELECT text FROM notice") == ["The Tax Department asks"]
    (event,) = await house.events("DecisionMade")
    assert event["record_id"] == record.record_id
    assert event["given"] == ["person.birthdate", "person.name"]
    assert event["refused"] == ["person.address.permanent", "person.phone", "person.sex"]
    assert event["notice_sha256"] == digest("The Tax Department asks")


async def test_i2_what_was_not_asked_cannot_be_allowed(house: House) -> None:
    record = await house.decide(asked=frozenset({"person.name"}))
    assert record.allowed == {"person.name"}


async def test_i3_without_a_live_session_there_is_no_decision(house: House) -> None:
    await house.run("UPDATE session SET ended_at = 1")
    assert await house.records.decide(decision(), NOON) is None
    assert await house.rows("SELECT record_id FROM record") == []
    assert await house.rows("SELECT sha256 FROM notice") == []
    assert await house.events("DecisionMade") == []


async def test_i3_somebody_elses_session_is_not_a_session_of_mine(house: House) -> None:
    assert await house.records.decide(decision(session_id="session-2"), NOON) is None


async def test_i7_a_decision_on_a_purpose_that_changed_meanwhile_is_none(house: House) -> None:
    await house.purposes.apply([declared(max_duration_days=31)], NOON)
    assert await house.records.decide(decision(), NOON) is None
    assert await house.rows(LIVE) == []


async def test_i7_after_a_material_change_of_the_purpose_the_record_counts_no_more(
    house: House,
) -> None:
    grant = await house.grant(await house.decide())
    await house.purposes.apply([declared(max_duration_days=31)], NOON)
    assert await house.records.live(ME, NOON) == []
    assert await house.grants.live(grant.grant_id, NOON) is None


async def test_i7_a_spelling_changes_nothing(house: House) -> None:
    record = await house.decide()
    await house.purposes.apply([declared(titles={"vi": "Khác", "en": "Other"})], NOON)
    assert await house.records.live(ME, NOON) == [record]


async def test_i26_the_same_form_sent_again_gives_the_same_record(house: House) -> None:
    first = await house.decide(interaction_id="i-1")
    again = await house.decide(interaction_id="i-1", allowed=frozenset())
    assert again == first
    assert len(await house.events("DecisionMade")) == 1


async def test_i26_share_after_refuse_gives_nothing(house: House) -> None:
    await house.records.refuse(refusal("i-1"), NOON)
    assert await house.records.decide(decision(interaction_id="i-1"), NOON) is None
    assert await house.rows(LIVE) == []
    (event,) = await house.events("DecisionRefused")
    assert (event["asked"], event["account_id"]) == (["person.name"], ME)


async def test_i26_refuse_after_share_changes_nothing(house: House) -> None:
    record = await house.decide(interaction_id="i-1")
    await house.records.refuse(refusal("i-1"), NOON)
    await house.records.refuse(refusal("i-2"), NOON)
    await house.records.refuse(refusal("i-2"), NOON)
    assert await house.records.live(ME, NOON) == [record]
    assert len(await house.events("DecisionRefused")) == 1


async def test_i6_a_new_decision_supersedes_the_old_and_takes_over_its_live_grants(
    house: House,
) -> None:
    old = await house.decide()
    live, ended = await house.grant(old), await house.grant(old)
    await house.grants.end(ended.grant_id, "tax", NOON)
    new = await house.decide(allowed=frozenset({"person.name"}))

    assert await house.records.live(ME, NOON) == [new]
    assert await house.rows("SELECT ended_as FROM record WHERE ended_at IS NOT NULL") == [
        "superseded"
    ]
    found = await house.grants.live(live.grant_id, NOON)
    assert found is not None
    assert (found.record_id, found.allowed) == (new.record_id, new.allowed)
    rests_on = f"SELECT record_id FROM \"grant\" WHERE grant_id = '{ended.grant_id}'"
    assert await house.rows(rests_on) == [old.record_id]


@pytest.mark.parametrize("difference", ["account_id", "client_id", "purpose_id"])
async def test_i6_ending_or_superseding_one_never_ends_another(
    house: House, difference: str
) -> None:
    await house.purposes.apply([declared(purpose_id="other")], NOON)
    other = await house.decide()
    grant = await house.grant(other)
    await house.run(f"UPDATE record SET {difference} = 'other'")

    await house.decide()
    mine = await house.decide()
    assert await house.records.withdraw(mine.record_id, ME, NOON)

    assert await house.rows(LIVE) == [other.record_id]
    live = await house.grants.live(grant.grant_id, NOON)
    assert live is not None
    assert live.record_id == other.record_id


async def test_i5_what_was_withdrawn_stays_so_whatever_is_decided_later(house: House) -> None:
    old = await house.decide()
    await house.records.withdraw(old.record_id, ME, NOON + 1)
    await house.decide()
    ended = (
        f"SELECT ended_as FROM record WHERE record_id = '{old.record_id}' AND ended_at = {NOON + 1}"
    )
    assert await house.rows(ended) == ["withdrawn"]


@pytest.mark.parametrize("key", ["interaction_digest", "account_id, client_id, purpose_id"])
async def test_i6_and_i26_the_table_itself_refuses_a_second(house: House, key: str) -> None:
    await house.decide()
    fresh = {"record_id", "interaction_digest", "account_id"} - set(key.split(", "))
    columns = ", ".join(column.name for column in RECORD.c)
    values = ", ".join("'2'" if it.name in fresh else it.name for it in RECORD.c)
    copy = Write(
        house.database.prepare(text(f"INSERT INTO record ({columns}) SELECT {values} FROM record")),
        {},
    )
    with pytest.raises(Conflict):
        await house.database.commit(copy)


async def test_i10_withdrawing_ends_the_record_and_its_grants_and_no_other(house: House) -> None:
    record = await house.decide()
    grants = [await house.grant(on) for on in (record, record, None)]
    before = await house.grant(record)
    await house.grants.end(before.grant_id, "tax", NOON)

    assert await house.records.withdraw(record.record_id, ME, NOON + 1)
    assert not await house.records.withdraw(record.record_id, ME, NOON + 2)

    live = [await house.grants.live(grant.grant_id, NOON + 1) for grant in grants]
    assert [found is not None for found in live] == [False, False, True]
    assert await house.rows("SELECT ended_at FROM record") == [NOON + 1]
    ended = f"SELECT ended_at FROM \"grant\" WHERE grant_id = '{before.grant_id}'"
    assert await house.rows(ended) == [NOON]
    (event,) = await house.events("RecordWithdrawn")
    assert (event["record_id"], event["account_id"]) == (record.record_id, ME)


async def test_nobody_withdraws_for_another(house: House) -> None:
    record = await house.decide()
    assert not await house.records.withdraw(record.record_id, "account-2", NOON)
    assert await house.records.live(ME, NOON) == [record]
    assert await house.events("RecordWithdrawn") == []


async def test_i15_withdrawing_forgets_what_registers_said(house: House) -> None:
    record = await house.decide()
    await house.userinfo(await house.grant(record))
    assert (await house.cache.load("population", ME)).fields
    await house.records.withdraw(record.record_id, ME, NOON)
    assert not (await house.cache.load("population", ME)).fields


async def test_a_record_ends_by_the_clock(house: House) -> None:
    record = await house.decide()
    grant = await house.grant(record)
    last = record.expires_at - 1
    await house.run(f'UPDATE "grant" SET ends_at = {record.expires_at + DAY}')  # as if renewed
    assert await house.records.live(ME, last) == [record]
    assert await house.grants.live(grant.grant_id, last) is not None
    assert await house.records.live(ME, last + 1) == []
    assert await house.grants.live(grant.grant_id, last + 1) is None


async def test_what_rested_on_an_expired_record_stays_dead_whatever_is_decided_later(
    house: House,
) -> None:
    record = await house.decide()
    house.now = record.expires_at - MINUTE
    grant = await house.grant(record)
    house.now = record.expires_at
    new = await house.decide()
    assert await house.records.live(ME, house.now) == [new]
    for later in (0, MINUTE):
        assert await house.grants.live(grant.grant_id, house.now + later) is None
    fresh = await house.grant(new)
    await house.decide()
    assert await house.grants.live(fresh.grant_id, house.now) is not None


def deciding(interactions: list[str]) -> Race[tuple[list[Record | None], list[str], int]]:
    async def race(houses: list[House]) -> tuple[list[Record | None], list[str], int]:
        decided = await asyncio.gather(
            *(
                houses[number % 6].records.decide(decision(interaction_id=one), NOON + number)
                for number, one in enumerate(interactions)
            )
        )
        events = await houses[0].events("DecisionMade")
        return list(decided), await houses[0].rows(LIVE), len(events)

    return race


async def test_i26_of_thirty_racing_submits_of_one_decision_one_record_is_left(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    decided, live, events = await racing(open_database, tmp_path, deciding(["i-1"] * 30))
    assert {one.record_id for one in decided if one} == set(live)
    assert (len(live), events, None in decided) == (1, 1, False)


async def test_i6_of_thirty_racing_decisions_one_record_is_live(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    interactions = [f"i-{number}" for number in range(30)]
    decided, live, events = await racing(open_database, tmp_path, deciding(interactions))
    assert (len(live), events, None in decided) == (1, 30, False)
    assert len({one.record_id for one in decided if one}) == 30


async def test_when_others_are_first_without_end_it_asks_to_come_back(tmp_path: Path) -> None:
    """A key that is always taken stands in for them."""
    file = tmp_path / "motcua.db"
    make_sqlite(file)
    async with (
        SqliteDatabase(file, patience=1) as database,
        one_time(tmp_path) as store,
        open_house(database, store) as house,
    ):
        await furnish(house)
        await house.decide()
        with closing(connect(file, 1.0)) as other:
            other.execute(f"CREATE UNIQUE INDEX taken ON event (at) WHERE at = {NOON}")
        with pytest.raises(Unavailable):
            await house.records.decide(decision(), NOON)
        with pytest.raises(Unavailable):
            await house.purposes.apply([declared(max_duration_days=31)], NOON)


async def test_the_session_is_named_in_the_event(house: House) -> None:
    await house.decide()
    assert (await house.events("DecisionMade"))[0]["session_id"] == SESSION_ID
