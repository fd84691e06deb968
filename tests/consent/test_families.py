"""Refresh tokens of a grant: one is the newest, however many are used at once."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from consent.families import IDLE
from consent.grants import OFFLINE_LIFE
from consent.model import OFFLINE, Family, Grant, Record, Redemption
from consent.rows import FAMILY, GRANT
from idp.background import RUBBISH
from keys.secrets import new_id, new_secret
from store.cleanup import Cleanup
from store.micros import DAY, SECOND
from tests.conftest import OpenDatabase
from tests.consent.house import ME, NOON, REFUND, SESSION_ID, House, grant_on, racing

pytestmark = pytest.mark.anyio
ASKED = frozenset({"person.name", "person.sex", OFFLINE})


def family(**changes: object) -> Family:
    values = {
        "family_digest": new_secret(),
        "auth_time": NOON - SECOND,
        "acr": "urn:nid:acr:1",
        "amr": ("pop", "user", "mfa"),
        "sid": "sid-1",
    }
    return Family(**{**values, **changes})  # type: ignore[arg-type]  # as they are written above


async def offline(house: House, family: Family, record: Record | None = None) -> Grant:
    """A grant with refresh tokens."""
    record = record or await house.decide(asked=ASKED, allowed=ASKED)
    grant = grant_on(record)
    made = await house.grants.redeem(grant, jti=new_secret(), now=NOON, family=family)
    assert made is Redemption.MADE
    return grant


async def use(house: House, digest: str, seen: int, now: int = NOON) -> bool:
    live = await house.families.find(digest, now)
    if live is None or live.family.generation != seen:
        return False
    return await house.families.use(live, seen + 1, jti=new_id(now), now=now)


async def test_a_family_is_found_with_all_it_rests_on(house: House) -> None:
    one = family()
    record = await house.decide(asked=ASKED, allowed=ASKED)
    grant = await offline(house, one, record)
    live = await house.families.find(one.family_digest, NOON)
    assert live is not None
    assert (live.family, live.grant, live.allowed) == (one, grant, record.allowed)
    assert live.ends_at == NOON + IDLE
    assert await house.families.find("another", NOON) is None


async def test_a_use_leaves_an_event_and_the_time_of_the_turn(house: House) -> None:
    one = family()
    grant = await offline(house, one)
    live = await house.families.find(one.family_digest, NOON)
    assert live is not None
    assert await house.families.use(live, 1, jti="jti-2", now=NOON + SECOND)
    assert not await house.families.use(live, 1, jti="jti-3", now=NOON + SECOND)

    turned = await house.families.find(one.family_digest, NOON + SECOND)
    assert turned is not None
    assert (turned.family.generation, turned.family.turned_at) == (1, NOON + SECOND)
    assert await house.families.use(turned, 1, jti="jti-4", now=NOON + 2 * SECOND)
    again = await house.families.find(one.family_digest, NOON + 2 * SECOND)
    assert again is not None
    assert again.family == turned.family
    assert again.ends_at == NOON + 2 * SECOND + IDLE
    issued = [event["event_id"] for event in await house.events("TokenIssued")]
    assert issued[-2:] == ["jti-2", "jti-4"]
    assert (await house.events("TokenIssued"))[-1]["grant_id"] == grant.grant_id


async def test_it_ends_when_it_is_not_used_and_once_for_all(house: House) -> None:
    one = family()
    await offline(house, one)
    await house.run("UPDATE record SET expires_at = expires_at * 2")
    assert await house.families.find(one.family_digest, NOON + IDLE - 1) is not None
    assert await house.families.find(one.family_digest, NOON + IDLE) is None
    await house.run(f"UPDATE refresh_family SET used_at = {NOON + OFFLINE_LIFE - DAY}")
    last = await house.families.find(one.family_digest, NOON + OFFLINE_LIFE - 1)
    assert last is not None
    assert last.ends_at == NOON + OFFLINE_LIFE
    assert await house.families.find(one.family_digest, NOON + OFFLINE_LIFE) is None


async def test_what_ended_after_it_was_looked_at_is_not_used(house: House) -> None:
    for end in (
        'UPDATE "grant" SET ended_at = 1',
        "UPDATE record SET ended_at = 1",
        "UPDATE purpose SET version = 2",
    ):
        one = family()
        await offline(house, one)
        live = await house.families.find(one.family_digest, NOON)
        assert live is not None
        await house.run(end)
        assert not await house.families.use(live, 1, jti=new_secret(), now=NOON)
    assert len(await house.events("TokenIssued")) == 3


async def test_a_session_that_ends_leaves_the_grants_with_refresh_tokens(house: House) -> None:
    one = family()
    kept, other = await offline(house, one), await house.grant(None)
    await house.database.commit(*house.grants.end_of_session(SESSION_ID, NOON))
    assert await house.grants.live(other.grant_id, NOON) is None
    assert await house.grants.live(kept.grant_id, NOON) is not None
    assert await house.families.find(one.family_digest, NOON) is not None


async def test_i10_to_stop_it_alone_ends_what_rests_on_it_and_nothing_else(house: House) -> None:
    record = await house.decide(asked=ASKED, allowed=ASKED)
    one = family()
    grant, other = await offline(house, one, record), await house.grant(record)
    narrower = await house.narrowing.stop(record.record_id, ME, OFFLINE, NOON)

    assert isinstance(narrower, Record)
    assert narrower.allowed == ASKED - {OFFLINE}
    assert await house.families.find(one.family_digest, NOON) is None
    assert await house.grants.live(grant.grant_id, NOON) is None
    assert await house.grants.live(other.grant_id, NOON) is not None
    (event,) = await house.events("RecordNarrowed")
    assert event["stopped"] == OFFLINE


async def test_i10_stopping_something_else_leaves_it(house: House) -> None:
    record = await house.decide(asked=ASKED, allowed=ASKED)
    one = family()
    await offline(house, one, record)
    await house.narrowing.stop(record.record_id, ME, "person.sex", NOON)
    live = await house.families.find(one.family_digest, NOON)
    assert live is not None
    assert live.allowed == {"person.name", OFFLINE}


async def test_when_it_is_over_it_is_swept_and_its_grant_after_it(house: House) -> None:
    one = family()
    await offline(house, one)
    cleanup = Cleanup(house.database, RUBBISH)
    left = house.database.prepare(select(FAMILY.c.family_digest))
    grants = house.database.prepare(select(GRANT.c.grant_id))
    await house.run("UPDATE session SET ended_at = 1")

    while await cleanup.step("broom", NOON + OFFLINE_LIFE - 1):
        pass
    assert len(await house.database.read(left)) == 1
    while await cleanup.step("broom", NOON + OFFLINE_LIFE):
        pass
    assert not await house.database.read(left)
    assert len(await house.database.read(grants)) == 1
    while await cleanup.step("broom", NOON + OFFLINE_LIFE + 31 * DAY):
        pass
    assert not await house.database.read(grants)


async def test_of_thirty_that_use_the_same_token_at_once_one_turns_the_family(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    async def race(houses: list[House]) -> Counter[bool]:
        one = family()
        await offline(houses[0], one)
        looked = [await house.families.find(one.family_digest, NOON) for house in houses]
        results = await asyncio.gather(
            *(
                houses[number % 6].families.use(live, 1, jti=new_secret(), now=NOON)
                for number in range(30)
                if (live := looked[number % 6]) is not None
            )
        )
        (turned,) = await houses[0].rows("SELECT generation FROM refresh_family")
        assert turned == 1
        assert len(await houses[0].events("TokenIssued")) == 2
        return Counter(results)

    assert await racing(open_database, tmp_path, race) == {True: 1, False: 29}


async def test_i10_a_use_that_races_a_withdrawal_leaves_nothing_live(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    async def race(houses: list[House]) -> list[int | None]:
        for number in range(10):
            one = family()
            record = await houses[0].decide(asked=ASKED, allowed=ASKED, purpose=REFUND)
            await offline(houses[0], one, record)
            using = [use(house, one.family_digest, 0) for house in houses[1:]]
            withdrawing = houses[0].records.withdraw(record.record_id, ME, NOON + number)
            await asyncio.gather(*using[:3], withdrawing, *using[3:])
            assert await houses[0].families.find(one.family_digest, NOON) is None
        return await houses[0].rows('SELECT ended_at FROM "grant" WHERE ended_at IS NULL')

    assert await racing(open_database, tmp_path, race) == []
