"""Who looked is read back from the events: all of it, by key, along an index."""

from typing import Any

import pytest

from consent.looks import Look, Wish
from consent.looks_sql import AT_ONCE, SOME
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import DataReleased, SignedIn
from store.database import Prepared
from store.micros import SECOND
from store.postgres import PostgresDatabase
from tests.consent.house import ME, NOON, House, cell, declared, watch

pytestmark = pytest.mark.anyio
NAME, SEX, PHONE = "person.name", "person.sex", "person.phone"
EVERYTHING = Wish(since=0, before=(NOON + 1000 * SECOND, ""))


def released(number: int, **changes: Any) -> DataReleased:
    said: dict[str, Any] = {
        "event_id": f"e-{number:05}",
        "grant_id": "g",
        "record_id": "r",
        "client_id": "tax",
        "account_id": ME,
        "purpose_id": "refund",
        "purpose_version": 1,
        "attributes": (NAME,),
        "registers": ("population",),
        "txn": "t",
    }
    return DataReleased(**{**said, **changes})


async def happened(house: House, *events: tuple[int, DataReleased | SignedIn]) -> None:
    ledger = Ledger(house.database, watch)
    await house.database.commit(*(ledger.insert(event, at) for at, event in events))


async def test_what_was_delivered_is_read_back_by_name(house: House) -> None:
    grant = await house.grant(await house.decide())
    await house.userinfo(grant)

    [look] = await house.looks.page(ME, EVERYTHING, 10)

    assert (look.at, look.client_id, look.purpose_id) == (NOON, "tax", "refund")
    assert look.attributes == (NAME, "person.birthdate", SEX, PHONE)
    assert await house.looks.page("account-2", EVERYTHING, 10) == []


async def test_nothing_else_that_happened_is_a_look(house: House) -> None:
    signed_in = SignedIn(event_id="s", session_id="s", account_id=ME, acr="1", amr=("pwd",))
    await happened(house, (NOON, released(1)), (NOON, signed_in))

    assert [it.event_id for it in await house.looks.page(ME, EVERYTHING, 10)] == ["e-00001"]


async def test_pages_follow_each_other_without_a_gap_even_at_one_moment(house: House) -> None:
    moments = [NOON, NOON, NOON, NOON + 1, NOON + 2]
    await happened(house, *((at, released(number)) for number, at in enumerate(moments)))

    seen: list[Look] = []
    wish = EVERYTHING
    while looks := await house.looks.page(ME, wish, 2):
        seen += looks
        wish = Wish(since=0, before=looks[-1].key)
        await happened(house, (NOON + 5, released(100 + len(seen))))  # meanwhile

    assert [it.event_id for it in seen] == [f"e-{number:05}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("wish", "numbers"),
    [
        ({"client_id": "shop"}, [2]),
        ({"attr_id": PHONE}, [3, 2]),
        ({"client_id": "tax", "attr_id": PHONE}, [3]),
        ({"client_id": "sho"}, []),
        ({"client_id": 'a "strange" té'}, [4]),
        ({"since": NOON + 3}, [4, 3]),
        ({"before": (NOON + 3, "")}, [2, 1]),
    ],
)
async def test_a_wish_is_kept_to_the_letter(
    house: House, wish: dict[str, Any], numbers: list[int]
) -> None:
    await happened(
        house,
        (NOON + 1, released(1)),
        (NOON + 2, released(2, client_id="shop", attributes=(NAME, PHONE))),
        (NOON + 3, released(3, attributes=(PHONE,))),
        (NOON + 4, released(4, client_id='a "strange" té')),
    )
    said = {"since": EVERYTHING.since, "before": EVERYTHING.before, **wish}

    looks = await house.looks.page(ME, Wish(**said), 10)

    assert [it.event_id for it in looks] == [f"e-{number:05}" for number in numbers]


async def test_all_of_them_come_some_at_a_time(house: House) -> None:
    count = AT_ONCE * 2 + 1
    await happened(house, *((NOON + it, released(it)) for it in range(count)))

    parts = [part async for part in house.looks.every(ME, EVERYTHING)]

    assert [len(part) for part in parts] == [AT_ONCE, AT_ONCE, 1]
    assert len({look.event_id for part in parts for look in part}) == count


async def test_when_a_fact_was_last_read_is_found_however_long_ago(house: House) -> None:
    await happened(house, (NOON, released(0, attributes=(SEX,))))
    await happened(house, *((NOON + 1 + it, released(1 + it)) for it in range(AT_ONCE)))
    await happened(house, (NOON + 5000, released(6000, client_id="shop", attributes=(NAME, SEX))))

    reads = [("tax", NAME), ("tax", SEX), ("tax", PHONE), ("shop", SEX)]
    last = await house.looks.last(ME, reads, EVERYTHING)

    assert {read: last.get(read) for read in reads} == {
        ("tax", NAME): NOON + AT_ONCE,
        ("tax", SEX): NOON,
        ("tax", PHONE): None,
        ("shop", SEX): NOON + 5000,
    }
    newest = await house.looks.last(ME, [("shop", SEX)], EVERYTHING)
    assert newest["shop", SEX] == NOON + 5000
    assert ("tax", SEX) not in newest, "it looks no further back than it must"


async def test_everybody_who_was_ever_given_anything_is_known(house: House) -> None:
    assert await house.looks.clients(ME) == []
    await house.purposes.apply(
        [declared(purpose_id="other", cells=[cell(SEX, "optional", "consent")])], NOON
    )
    for client_id in ("tax", "bank", "tax"):
        record = await house.decide(client_id=client_id)
    await house.records.withdraw(record.record_id, ME, NOON)

    assert await house.looks.clients(ME) == ["bank", "tax"]
    assert await house.looks.clients("account-2") == []


async def test_among_many_people_the_looks_of_one_are_found_by_an_index(house: House) -> None:
    events = (
        released(number, account_id=f"account-{number % 100}", event_id=new_id(NOON))
        for number in range(2000)
    )
    await happened(house, *((NOON + number, event) for number, event in enumerate(events)))
    page = house.database.prepare(SOME)
    words = "EXPLAIN QUERY PLAN"
    if isinstance(house.database, PostgresDatabase):
        words = "EXPLAIN"
        await house.database.read(Prepared("ANALYZE event", ()))  # else it guesses
    values = {
        "account_id": ME,
        "since": 0,
        "before": NOON + SECOND,
        "before_id": "",
        "kind": b"x",
        "client": b"",
        "fact": b"",
    }

    steps = await house.database.read(Prepared(f"{words} {page.sql}", page.names), **values)

    said = " ".join(str(value) for step in steps for value in dict(step).values())
    assert "ix_event_account_id" in said
    assert not any(word in said for word in ("SCAN event", "Seq Scan"))
