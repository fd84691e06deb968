"""Nothing leaves that was not asked for and allowed, and nothing before it is written down."""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from consent.model import Grant
from consent.policy import LiveGrant
from consent.release import GrantGone
from store.database import Unavailable
from store.micros import HOUR, MINUTE
from store.sqlite import SqliteDatabase
from store.sqlite_file import connect
from tests.consent.house import (
    ME,
    NOON,
    PHONE,
    House,
    cell,
    declared,
    furnish,
    one_time,
    open_house,
)
from tests.consent.register import HELD, response
from tests.servers import make_sqlite

pytestmark = pytest.mark.anyio
ADDRESS = frozenset({"address", "nid:address_permanent"})


async def live(house: House, grant: Grant) -> LiveGrant:
    found = await house.grants.live(grant.grant_id, house.now)
    assert found is not None
    return found


async def test_i11_what_leaves_is_in_one_event_by_name_and_not_by_value(house: House) -> None:
    record = await house.decide()
    grant = await house.grant(record)
    assert await house.userinfo(grant) == {
        "name": "Nguyễn Minh Anh",
        "birthdate": "1990-03-05",
        "gender": "female",
        "phone_number": PHONE,
    }
    (event,) = await house.events("DataReleased")
    assert event["attributes"] == [
        "person.name",
        "person.birthdate",
        "person.sex",
        "person.phone",
    ]
    assert event["registers"] == ["account", "population"]
    assert (event["grant_id"], event["record_id"]) == (grant.grant_id, record.record_id)
    assert (event["account_id"], event["client_id"]) == (ME, "tax")
    assert (event["purpose_id"], event["purpose_version"]) == ("refund", 1)


async def test_each_release_has_an_event_of_its_own(house: House) -> None:
    grant = await house.grant(await house.decide())
    for _ in range(2):
        await house.userinfo(grant)
    assert len(await house.events("DataReleased")) == 2


async def test_i2_what_was_not_asked_for_is_not_sent(house: House) -> None:
    grant = await house.grant(await house.decide(), claims=frozenset({"given_name"}))
    assert await house.userinfo(grant) == {"given_name": "Anh"}
    (event,) = await house.events("DataReleased")
    assert event["attributes"] == ["person.name"]
    assert [said.fields for said in house.register.heard] == [{"name"}]


async def test_an_address_goes_under_the_names_it_was_asked_by(house: House) -> None:
    grant = await house.grant(await house.decide(), claims=ADDRESS)
    assert await house.userinfo(grant) == dict.fromkeys(ADDRESS, HELD["address_permanent"])


async def test_i23_what_was_refused_is_absent_as_if_nothing_were_held(house: House) -> None:
    record = await house.decide(allowed=frozenset({"person.birthdate"}))
    grant = await house.grant(record, claims=frozenset({"birthdate", "gender", "phone_number"}))
    assert await house.userinfo(grant) == {"birthdate": "1990-03-05"}
    house.register.held.pop("sex")
    record = await house.decide()
    grant = await house.grant(record, claims=frozenset({"birthdate", "gender"}))
    assert await house.userinfo(grant) == {"birthdate": "1990-03-05"}


async def test_what_a_law_lets_be_read_needs_no_record_but_a_cell(house: House) -> None:
    grant = await house.grant(None)
    assert await house.userinfo(grant) == {"name": "Nguyễn Minh Anh"}
    assert (await house.events("DataReleased"))[0]["record_id"] is None


async def test_outside_the_purpose_nothing_leaves_whatever_a_record_says(house: House) -> None:
    record = await house.decide()
    grant = await house.grant(record, claims=frozenset({"nid:personal_id_number", "email"}))
    assert await house.userinfo(grant) == {}
    for other in (None, "unknown"):
        grant = await house.grant(record, purpose_id=other)
        assert await house.userinfo(grant) == {}
    assert await house.events("DataReleased") == []


async def test_a_record_of_another_purpose_allows_nothing_here(house: House) -> None:
    cells = [cell("person.sex", "optional", "consent")]
    await house.purposes.apply([declared(purpose_id="other", cells=cells)], NOON)
    grant = await house.grant(await house.decide(), purpose_id="other")
    assert await house.userinfo(grant) == {}


ENDS = {
    "withdrawn": "UPDATE record SET ended_at = 1",
    "expired": f"UPDATE record SET expires_at = {NOON}",
    "grant ended": 'UPDATE "grant" SET ended_at = 1',
    "grant over": f'UPDATE "grant" SET ends_at = {NOON}',
    "moved to another record": 'UPDATE "grant" SET record_id = NULL',
    "purpose changed": "UPDATE purpose SET version = 2",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_i1_what_ends_after_the_token_was_read_still_stops_the_release(
    house: House, end: str
) -> None:
    grant = await live(house, await house.grant(await house.decide()))
    await house.run(end)
    with pytest.raises(GrantGone):
        await house.releases.deliver(grant, NOON)
    assert await house.events("DataReleased") == []


async def test_i1_without_a_record_the_purpose_still_has_to_hold(house: House) -> None:
    grant = await live(house, await house.grant(None))
    await house.run("UPDATE purpose SET version = 2")
    with pytest.raises(GrantGone):
        await house.releases.deliver(grant, NOON)


async def test_a_disabled_client_gets_nothing(house: House) -> None:
    grant = await live(house, await house.grant(await house.decide()))
    await house.clients.disable("tax", NOON)
    with pytest.raises(GrantGone):
        await house.releases.deliver(grant, NOON)


async def test_i1_withdrawn_while_a_register_is_being_asked(house: House) -> None:
    """The withdrawal is told to have happened before the register has answered."""
    record = await house.decide()
    grant = await live(house, await house.grant(record))
    house.register.mode = "slow"
    delivering = asyncio.create_task(house.releases.deliver(grant, NOON))
    await house.register.asked.wait()
    await house.records.withdraw(record.record_id, ME, NOON)
    house.register.released.set()
    with pytest.raises(GrantGone):
        await delivering


async def test_i11_of_racing_releases_and_a_withdrawal_only_what_has_its_event_left(
    house: House,
) -> None:
    for number in range(5):
        record = await house.decide()
        grant = await live(house, await house.grant(record))
        await house.releases.deliver(grant, NOON)
        before = len(await house.events("DataReleased"))
        releases = [house.releases.deliver(grant, NOON) for _ in range(10)]
        withdrawal = house.records.withdraw(record.record_id, ME, NOON + number)
        outcomes: list[Any] = await asyncio.gather(
            *releases[:5], withdrawal, *releases[5:], return_exceptions=True
        )
        left = sum(isinstance(outcome, dict) for outcome in outcomes)
        gone = sum(isinstance(outcome, GrantGone) for outcome in outcomes)
        assert left + gone == 10
        assert len(await house.events("DataReleased")) == before + left


async def test_i11_if_it_cannot_be_written_down_nothing_leaves(tmp_path: Path) -> None:
    file = tmp_path / "motcua.db"
    make_sqlite(file)
    async with (
        SqliteDatabase(file, patience=0.05) as database,
        one_time(tmp_path) as store,
        open_house(database, store) as house,
    ):
        await furnish(house)
        grant = await live(house, await house.grant(await house.decide()))
        with closing(connect(file, 1.0)) as blocker:
            blocker.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable):
                await house.releases.deliver(grant, NOON)
        assert await house.events("DataReleased") == []


async def test_decision_16_what_a_register_cannot_say_now_is_delivered_when_it_can(
    house: House,
) -> None:
    house.register.mode = response("503 Service Unavailable", "{}")
    grant = await house.grant(await house.decide())
    assert await house.userinfo(grant) == {"phone_number": PHONE}
    assert (await house.events("DataReleased"))[0]["attributes"] == ["person.phone"]
    house.register.mode = "ok"
    assert (await house.userinfo(grant))["name"] == "Nguyễn Minh Anh"


async def test_i16_a_value_older_than_its_cell_allows_is_fetched_again_or_absent(
    house: House,
) -> None:
    house.register.as_of = "2030-01-01T12:00:00Z"
    grant = await house.grant(await house.decide(), claims=frozenset({"name", "birthdate"}))
    await house.userinfo(grant)
    house.register.mode = response("503 Service Unavailable", "{}")
    house.now = NOON + HOUR
    assert (await house.userinfo(grant)).keys() == {"name", "birthdate"}
    house.now += 1
    assert (await house.userinfo(grant)).keys() == {"name"}  # a day old at most
    assert [said.fields for said in house.register.heard] == [{"name", "birthdate"}, {"birthdate"}]


async def test_i16_a_register_that_vouches_for_long_ago_is_not_fresh_by_being_asked(
    house: House,
) -> None:
    grant = await house.grant(await house.decide(), claims=frozenset({"name", "birthdate"}))
    house.register.as_of = "2030-01-01T10:59:00Z"  # an hour, and clocks may differ by a minute
    assert (await house.userinfo(grant)).keys() == {"name", "birthdate"}
    house.now += 1
    assert (await house.userinfo(grant)).keys() == {"name"}
    house.register.as_of, house.register.etag = "2030-01-01T12:00:00Z", '"rv-2"'
    assert (await house.userinfo(grant)).keys() == {"name", "birthdate"}


async def test_i16_what_must_be_fetched_each_time_may_be_of_this_minute(house: House) -> None:
    now = [cell("person.birthdate", "required", "request", max_age_minutes=0)]
    await house.purposes.apply([declared(purpose_id="now", cells=now)], NOON)
    purpose = await house.purposes.find("now", NOON)
    everything = frozenset({"person.birthdate"})
    record = await house.decide(purpose=purpose, asked=everything, allowed=everything)
    grant = await house.grant(record, purpose_id="now", claims=frozenset({"birthdate"}))
    house.register.as_of = "2030-01-01T11:59:59Z"
    assert await house.userinfo(grant) == {"birthdate": "1990-03-05"}


async def test_i16_a_slow_class_is_kept_for_a_quarter_of_an_hour(house: House) -> None:
    grant = await house.grant(await house.decide(), claims=ADDRESS)
    for house.now in (NOON, NOON + 15 * MINUTE, NOON + 15 * MINUTE + 1):
        await house.userinfo(grant)
    assert len(house.register.heard) == 2


async def test_a_purpose_with_a_wider_cell_does_not_make_a_value_older(house: House) -> None:
    wide = [cell("person.address.permanent", "required", "request", max_age_minutes=600)]
    await house.purposes.apply([declared(purpose_id="wide", cells=wide)], NOON)
    purpose = await house.purposes.find("wide", NOON)
    record = await house.decide(purpose=purpose)
    grant = await house.grant(record, purpose_id="wide", claims=ADDRESS)
    for house.now in (NOON, NOON + 16 * MINUTE):
        await house.userinfo(grant)
    assert len(house.register.heard) == 2


async def test_the_preview_shows_real_values_and_releases_nothing(house: House) -> None:
    wanted = frozenset({"person.name", "person.birthdate", "person.phone", "person.email"})
    shown = await house.releases.preview(ME, wanted, NOON)

    assert list(shown) == ["person.name", "person.birthdate", "person.phone", "person.email"]
    assert [one.state for one in shown.values()] == ["known", "known", "known", "nothing held"]
    assert shown["person.name"].value == HELD["name"]
    assert shown["person.birthdate"].value == "1990-03-05"
    assert shown["person.birthdate"].as_of == NOON - HOUR
    assert shown["person.phone"].value["phone_number"] == PHONE
    assert shown["person.phone"].as_of is None
    assert shown["person.email"].value is None
    assert await house.events("DataReleased") == []


@pytest.mark.parametrize(
    ("as_of", "outdated"),
    [
        ("2030-01-01T11:44:00Z", set[str]()),  # a quarter of an hour and a minute
        ("2030-01-01T11:43:59Z", {"person.address.permanent"}),
        ("2029-12-31T11:58:59Z", {"person.address.permanent", "person.sex"}),
    ],
)
async def test_i16_the_preview_says_what_a_register_vouches_for_no_more(
    house: House, as_of: str, outdated: set[str]
) -> None:
    house.register.as_of = as_of
    wanted = frozenset({"person.address.permanent", "person.sex", "person.phone"})
    shown = await house.releases.preview(ME, wanted, NOON)
    assert [one.state for one in shown.values()] == ["known"] * 3
    assert {name for name, one in shown.items() if one.outdated} == outdated


async def test_the_preview_says_when_a_register_is_down(house: House) -> None:
    house.register.mode = response("500 Internal Server Error", "")
    shown = await house.releases.preview(ME, frozenset({"person.sex", "person.phone"}), NOON)
    assert [one.state for one in shown.values()] == ["unavailable", "known"]
    assert shown["person.sex"].value is None


async def test_what_was_previewed_is_not_fetched_again_to_be_delivered(house: House) -> None:
    await house.releases.preview(ME, frozenset({"person.name"}), NOON)
    grant = await house.grant(await house.decide(), claims=frozenset({"name"}))
    await house.userinfo(grant)
    assert len(house.register.heard) == 1
