"""Officers in SQL, on both engines: one comes by each link, however many race for it."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import func, select

from idp.background import RUBBISH
from idp.officers.rows import OfficerLinkRow
from idp.officers.sessions import IDLE, LIFE, OfficerSessions
from idp.officers.store import Officer, OfficerPasskey, Officers
from ledger.event import Ledger
from store.cleanup import Cleanup
from store.database import Conflict, Database, Unchanged, Write
from store.micros import DAY, MINUTE
from store.schema import table
from tests.conftest import OpenDatabase

pytestmark = pytest.mark.anyio
NOW, SOON = 1_000 * DAY, 1_001 * DAY
LINK = table(OfficerLinkRow)


def silent(_: object) -> None:
    """Nobody watches."""


def officer(name: str, place: int | None) -> Officer:
    return Officer(officer_id=name, place=place, name=name, handle=name, created_at=NOW)


def passkey(name: str) -> OfficerPasskey:
    return OfficerPasskey(
        passkey_id=name,
        credential_id=name,
        officer_id=name,
        public_key=b"",
        sign_count=0,
        syncable=1,
        synced=1,
        transports="",
        created_at=NOW,
    )


async def done(database: Database, *writes: Write) -> bool:
    try:
        await database.commit(*writes)
    except (Conflict, Unchanged):
        return False
    return True


async def test_of_thirty_who_bring_one_link_at_two_doors_one_comes(
    open_database: OpenDatabase,
) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(2)]
        houses = [Officers(door, Ledger(door, silent)) for door in doors]
        [link, other] = await houses[0].invite(SOON, NOW)
        places = [await houses[1].place_of(it, NOW) for it in (link, other, "made up")]
        assert places == [1, 2, None]

        comers = [
            done(
                doors[n % 2],
                houses[n % 2].taken(link, 1, NOW),
                *houses[n % 2].joined(officer(str(n), 1), passkey(str(n))),
            )
            for n in range(30)
        ]

        assert (await asyncio.gather(*comers)).count(True) == 1
        [came] = await houses[0].everybody()
        assert [it.passkey_id for it in await houses[1].passkeys_of(came.officer_id)] == [came.name]
        assert await houses[0].place_of(link, NOW) is None
        assert await houses[0].place_of(other, NOW) == 2


async def test_whoever_invites_at_two_terminals_at_once_lets_two_in(
    open_database: OpenDatabase,
) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(2)]
        houses = [Officers(door, Ledger(door, silent)) for door in doors]
        made = await asyncio.gather(*(it.invite(SOON, NOW) for it in (*houses, *houses)))

        open_ones = [link for some in made for link in some if await houses[0].place_of(link, NOW)]

        assert len(open_ones) == 2
        assert {await houses[0].place_of(it, NOW) for it in open_ones} == {1, 2}


async def test_a_place_is_taken_once_whatever_link_leads_to_it(database: Database) -> None:
    house = Officers(database, Ledger(database, silent))
    await database.commit(*house.joined(officer("first", 1), passkey("first")))

    assert not await done(database, *house.joined(officer("second", 1), passkey("second")))
    assert not await done(database, *house.joined(officer("third", 2), passkey("first")))
    assert [it.name for it in await house.everybody()] == ["first"]


async def test_a_link_ends_at_its_time(database: Database) -> None:
    house = Officers(database, Ledger(database, silent))
    [link, _] = await house.invite(SOON, NOW)

    assert await house.place_of(link, SOON - 1) == 1
    assert await house.place_of(link, SOON) is None
    assert not await done(database, house.taken(link, 1, SOON))
    assert await done(database, house.taken(link, 1, SOON - 1))


async def test_of_two_equal_counts_one_wins(database: Database) -> None:
    house = Officers(database, Ledger(database, silent))
    held = passkey("first")
    await database.commit(*house.joined(officer("first", 1), held))

    for count, wins in ((0, True), (0, True), (3, True), (3, False), (2, False), (0, False)):
        assert await done(database, house.used(held, count, True, NOW)) is wins, count


async def test_a_session_lives_while_it_is_used_and_no_longer_than_a_shift(
    database: Database,
) -> None:
    ledger = Ledger(database, silent)
    house, sessions = Officers(database, ledger), OfficerSessions(database, ledger)
    await database.commit(*house.joined(officer("first", 1), passkey("first")))
    secret, writes = sessions.started("first", NOW)
    await database.commit(*writes)
    at = NOW
    while at + IDLE - 1 < NOW + LIFE:
        at += IDLE - 1
        assert await sessions.current(secret, at)

    assert await sessions.current(secret, NOW + LIFE) is None
    assert await sessions.current("made up", NOW) is None
    assert await sessions.current(None, NOW) is None


async def test_a_session_that_ended_carries_nothing(database: Database) -> None:
    ledger = Ledger(database, silent)
    house, sessions = Officers(database, ledger), OfficerSessions(database, ledger)
    await database.commit(*house.joined(officer("first", 1), passkey("first")))
    secret, writes = sessions.started("first", NOW)
    await database.commit(*writes)
    session = await sessions.current(secret, NOW)
    assert session is not None
    new, renewal = sessions.renewed(session, NOW + MINUTE)
    assert await done(database, *renewal, sessions.still_live(session, NOW + MINUTE))
    assert await sessions.current(secret, NOW + MINUTE) is None
    assert await sessions.current(new, NOW + MINUTE)

    for _ in range(2):
        await sessions.end(session, NOW + MINUTE)

    assert await sessions.current(new, NOW + MINUTE) is None
    assert not await done(database, sessions.still_live(session, NOW + MINUTE))
    assert not await done(database, *sessions.renewed(session, NOW + MINUTE)[1])


async def test_what_is_over_is_deleted(database: Database) -> None:
    ledger = Ledger(database, silent)
    house, sessions = Officers(database, ledger), OfficerSessions(database, ledger)
    await database.commit(*house.joined(officer("first", 1), passkey("first")))
    _, writes = sessions.started("first", NOW)
    await database.commit(*writes)
    [link] = await house.invite(SOON, NOW)
    sweep = Cleanup(database, [it for it in RUBBISH if it.table.name.startswith("officer")])

    assert not await sweep.step("me", NOW)
    assert await sweep.step("me", NOW + 400 * DAY)

    assert not await sweep.step("me", NOW + 400 * DAY)
    assert await house.place_of(link, NOW) is None
    assert [it.name for it in await house.everybody()] == ["first"]


async def test_a_link_to_a_place_that_was_taken_meanwhile_leads_nowhere(
    database: Database,
) -> None:
    """Whoever invited had looked before; on PostgreSQL its link may be written after."""
    house = Officers(database, Ledger(database, silent))
    [link, _] = await house.invite(SOON, NOW)
    await database.commit(*house.joined(officer("first", 1), passkey("first")))

    assert await house.place_of(link, NOW) is None


async def test_no_link_is_written_where_somebody_came(open_database: OpenDatabase) -> None:
    """They come between the look of who invites and what is written."""
    async with AsyncExitStack() as stack:
        mine, theirs = [await stack.enter_async_context(open_database()) for _ in range(2)]
        other = Officers(theirs, Ledger(theirs, silent))

        class Late(Officers):
            looked = 0

            async def everybody(self) -> Sequence[Officer]:
                found = await super().everybody()
                self.looked += 1
                if self.looked == 1:
                    await theirs.commit(*other.joined(officer("first", 1), passkey("first")))
                return found

        house = Late(mine, Ledger(mine, silent))
        [link] = await house.invite(SOON, NOW)

        assert house.looked == 2
        assert await house.place_of(link, NOW) == 2
        [count] = await mine.read(mine.prepare(select(func.count().label("n")).select_from(LINK)))
        assert count["n"] == 1
