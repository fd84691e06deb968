"""Data keys in SQL: made at random, wrapped, shared by all processes, and followed (K-16, K-17)."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import delete, insert, select, update

from idp.accounts.sql import NUMBER
from keys.box import Unsealable
from keys.data_keys.rows import DATA_KEY
from keys.data_keys.states import GRACE, MOST, REST, WAIT, State
from keys.kek import KeyFileError
from keys.purposes import PURPOSES
from keys.vault import Vault
from keys.versions import derived
from ledger.event import EventRow
from ledger.kinds import DataKeyEnded, DataKeyMade, DataKeysRewrapped
from store.database import Database
from store.micros import DAY
from store.schema import table
from tests.conftest import OpenDatabase
from tests.keys.safes import (
    KEK,
    NEXT,
    Safe,
    change,
    furnish,
    open_safe,
    opened,
    write,
)
from tests.keys.samples import NOON
from tests.watchman import Watchman

pytestmark = pytest.mark.anyio


def secrets(safe: Safe) -> dict[str, bytes]:
    return {purpose: safe.vault.secrets(purpose).first for purpose in PURPOSES}


async def test_a_new_database_gets_a_secret_for_each_purpose_at_random(database: Database) -> None:
    safe = await open_safe(database)
    of_kek = {chain[0].secret for chain in derived(KEK).values()}
    assert len({*secrets(safe).values()}) == len(PURPOSES)
    assert not of_kek & {*secrets(safe).values()}
    kept = await database.read(database.prepare(select(DATA_KEY)))
    assert {row["purpose"]: row["version"] for row in kept} == dict.fromkeys(PURPOSES, 0) | {
        "sealing": 1
    }
    everything = b"".join(bytes(row["wrapped"]) for row in kept)
    assert not any(secret in everything for secret in (KEK, *secrets(safe).values()))


async def test_a_seal_says_its_format_its_version_and_its_key(database: Database) -> None:
    safe = await open_safe(database)
    [kept] = (await safe.data_keys.read())["sealing"]
    sealed = safe.vault.seal(b"", "account.number_sealed:a-1")
    assert sealed[:9] == b"\x02" + (1).to_bytes(4) + bytes.fromhex(kept.key_id)
    assert len(sealed) == 9 + 12 + 16


async def test_every_process_has_the_same(open_database: OpenDatabase) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(6)]
        safes = await asyncio.gather(*(open_safe(door) for door in doors))
        assert len({tuple(secrets(safe).values()) for safe in safes}) == 1
        assert secrets(await open_safe(doors[0], now=NOON + DAY)) == secrets(safes[0])


async def test_a_database_of_before_keeps_what_its_key_has_made(database: Database) -> None:
    """So numbers are found, passwords fit, and what was sealed opens; new seals look like old."""
    before = Vault(KEK)
    plain = await furnish(database, before)
    safe = await open_safe(database)
    assert await opened(safe) == plain
    for purpose in PURPOSES:
        assert safe.vault.secrets(purpose).first == before.secrets(purpose).first
    assert before.open(safe.vault.seal(b"new", "place"), "place") == b"new"


async def test_of_two_keys_the_one_that_fits_a_database_of_before_is_taken(
    database: Database,
) -> None:
    plain = await furnish(database, Vault(KEK))
    await open_safe(database, NEXT, KEK)
    assert await opened(await open_safe(database, NEXT)) == plain


@pytest.mark.parametrize("before", [True, False])
async def test_a_wrong_key_is_found_out_at_start_and_changes_nothing(
    database: Database, *, before: bool
) -> None:
    plain = await furnish(database, Vault(KEK) if before else (await open_safe(database)).vault)
    with pytest.raises(KeyFileError, match="not the one that this database is sealed with"):
        await open_safe(database, NEXT)
    assert await opened(await open_safe(database)) == plain


async def test_a_purpose_that_is_new_gets_its_first_secret_at_the_next_start(
    database: Database,
) -> None:
    before = secrets(await open_safe(database))
    await write(database, delete(DATA_KEY).where(DATA_KEY.c.purpose == "csrf"))
    after = secrets(await open_safe(database))
    assert after.pop("csrf") != before.pop("csrf")
    assert after == before


@pytest.mark.parametrize("purpose", ["sealing", "password", "sid", "identifier digest"])
async def test_a_secret_that_is_lost_for_good_is_never_made_anew(
    database: Database, purpose: str
) -> None:
    """Another one would open nothing, and find nobody."""
    await open_safe(database)
    await write(database, delete(DATA_KEY).where(DATA_KEY.c.purpose == purpose))
    with pytest.raises(KeyFileError, match="restore it from a backup"):
        await open_safe(database)
    assert purpose not in {
        row["purpose"] for row in await database.read(database.prepare(select(DATA_KEY)))
    }


async def test_of_a_table_that_was_emptied_nothing_is_made_anew(database: Database) -> None:
    await furnish(database, (await open_safe(database)).vault)
    await write(database, delete(DATA_KEY))
    with pytest.raises(KeyFileError, match="not the one that this database is sealed with"):
        await open_safe(database)
    assert not await database.read(database.prepare(select(DATA_KEY)))


async def test_a_purpose_of_a_newer_program_is_left_alone(database: Database) -> None:
    await open_safe(database)
    await write(
        database,
        insert(DATA_KEY),
        purpose="weather",
        version=0,
        key_id="",
        wrapped=b"?",
        uses=0,
        created_at=NOON,
        makes_at=NOON,
        ended_at=None,
    )
    assert await (await open_safe(database)).custody.turn(NOON + DAY) is None


async def test_one_key_encryption_key_follows_another_without_touching_data(
    database: Database,
) -> None:
    watch = Watchman()
    old = await open_safe(database)
    plain = await furnish(database, old.vault)
    seal = old.vault.seal(b"while both are there", "place")
    new = await open_safe(database, NEXT, KEK, watch=watch)
    before = await database.read(database.prepare(select(NUMBER.table)))

    assert new.vault.open(seal, "place") == b"while both are there"
    assert await new.changes.rewrap(NOON) == len(PURPOSES)

    assert await new.changes.rewrap(NOON) == 0
    after = await database.read(database.prepare(select(NUMBER.table)))
    assert [dict(row) for row in before] == [dict(row) for row in after]
    alone = await open_safe(database, NEXT)
    assert await opened(alone) == plain
    assert secrets(alone) == secrets(old)
    [event] = watch.seen
    assert isinstance(event, DataKeysRewrapped)
    assert (event.kek_id, event.data_keys) == (new.data_keys.keks.first, len(PURPOSES))
    with pytest.raises(KeyFileError):
        await open_safe(database, KEK)


async def test_a_process_with_the_key_of_before_goes_on_after_the_rewrap(
    database: Database,
) -> None:
    running = await open_safe(database)
    new = await open_safe(database, NEXT, KEK)
    await new.changes.rewrap(NOON)
    await running.data_keys.load(NOON + 1)
    assert new.vault.open(running.vault.seal(b"x", "place"), "place") == b"x"

    await new.renew(NOON + 2)
    with pytest.raises(Unsealable):
        await running.data_keys.load(NOON + 3)
    assert new.vault.open(running.vault.seal(b"y", "place"), "place") == b"y"


async def test_of_many_who_rewrap_at_once_one_does(open_database: OpenDatabase) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(6)]
        await open_safe(doors[0])
        safes = [await open_safe(door, NEXT, KEK) for door in doors]
        done = await asyncio.gather(*(safe.changes.rewrap(NOON) for safe in safes))
        assert sorted(done) == [0] * 5 + [len(PURPOSES)]
        await open_safe(doors[0], NEXT)


async def test_without_the_key_of_before_nothing_is_rewrapped(database: Database) -> None:
    safe = await open_safe(database, NEXT, KEK)
    await safe.changes.rewrap(NOON)
    await change(database, DATA_KEY, wrapped=b"\x03other" + bytes(60))
    with pytest.raises(Unsealable):
        await safe.changes.rewrap(NOON)


async def test_a_wrapped_key_moved_to_another_row_opens_nothing(database: Database) -> None:
    await open_safe(database)
    of = select(DATA_KEY.c.wrapped).where(DATA_KEY.c.purpose == "sid").scalar_subquery()
    move = update(DATA_KEY).where(DATA_KEY.c.purpose == "csrf").values(wrapped=of)
    await write(database, move)
    with pytest.raises(KeyFileError):
        await open_safe(database)


async def test_a_new_data_key_is_known_to_all_before_it_seals(open_database: OpenDatabase) -> None:
    watch = Watchman()
    async with open_database() as door, open_database() as other:
        safe, late = await open_safe(door, watch=watch), await open_safe(other)
        assert await safe.renew(NOON)
        assert await safe.states(NOON) == [State.MAKING, State.WAITING]
        for process in (safe, late):
            await process.data_keys.load(NOON + WAIT - 1)
            assert process.vault.seal(b"", "x")[:5] == b"\x02\0\0\0\x01"
        await safe.data_keys.load(NOON + WAIT)
        sealed = safe.vault.seal(b"by the new one", "x")
        assert sealed[:5] == b"\x02\0\0\0\x02"
        assert late.vault.open(sealed, "x") == b"by the new one"
        assert await safe.states(NOON + WAIT) == [State.OPENING, State.MAKING]
        assert [(it.purpose, it.version) for it in watch.seen if isinstance(it, DataKeyMade)] == [
            ("sealing", 2)
        ]


async def test_of_two_who_renew_at_once_one_does(open_database: OpenDatabase) -> None:
    async with open_database() as door, open_database() as other:
        safes = [await open_safe(door), await open_safe(other)]
        done = await asyncio.gather(*(safe.renew(NOON) for safe in safes))
        assert sorted(done) == [False, True]
        assert await safes[0].states(NOON) == [State.MAKING, State.WAITING]


async def test_a_data_key_is_changed_long_before_it_has_sealed_too_often(
    database: Database,
) -> None:
    """K-18: at 2^30 of the 2^32 that NIST SP 800-38D section 8.3 allows."""
    safe = await open_safe(database)
    await change(database, DATA_KEY, uses=MOST - 1)
    assert await safe.custody.turn(NOON) is None
    await change(database, DATA_KEY, uses=MOST)
    await safe.custody.turn(NOON)
    assert await safe.states(NOON) == [State.MAKING, State.WAITING]
    await safe.custody.turn(NOON + 1)
    assert len(await safe.states(NOON)) == 2, "one is on its way"


async def test_what_an_older_program_sealed_with_is_changed_after_a_day(database: Database) -> None:
    """Nobody has counted its uses. Until then that program may still run beside this one."""
    await furnish(database, Vault(KEK))
    safe = await open_safe(database)
    assert await safe.custody.turn(NOON + DAY - 1) is None
    await safe.custody.turn(NOON + DAY)
    assert await safe.states(NOON + DAY) == [State.MAKING, State.WAITING]


async def uses(database: Database) -> list[int]:
    statement = select(DATA_KEY.c.uses).where(DATA_KEY.c.purpose == "sealing")
    rows = await database.read(database.prepare(statement.order_by(DATA_KEY.c.version)))
    return [row["uses"] for row in rows]


async def test_seals_are_counted_before_they_are_made(database: Database) -> None:
    """So who is killed has counted too many, never too few, and no seal writes anything."""
    safe = await open_safe(database)
    await safe.meter.set_aside(10)
    assert await uses(database) == [10]
    for _ in range(5):
        safe.vault.seal(b"", "x")
    await safe.meter.set_aside(10)
    assert await uses(database) == [10], "half of it is left"
    safe.vault.seal(b"", "x")
    await safe.meter.set_aside(10)
    assert await uses(database) == [16]


async def test_a_command_counts_what_it_sealed_when_it_ends(database: Database) -> None:
    safe = await open_safe(database)
    await safe.meter.set_aside(0)
    assert await uses(database) == [0]
    for _ in range(3):
        safe.vault.seal(b"", "x")
    await safe.meter.set_aside(0)
    await safe.meter.set_aside(0)
    assert await uses(database) == [3]


async def test_seals_of_each_version_are_counted_by_themselves(database: Database) -> None:
    safe = await open_safe(database)
    safe.vault.seal(b"", "x")
    await safe.renew(NOON)
    await safe.data_keys.load(NOON + WAIT)
    await safe.meter.set_aside(100)
    assert await uses(database) == [1, 100], "the old one seals no more"


async def test_a_secret_ends_when_nothing_that_it_made_is_good_any_more(database: Database) -> None:
    watch = Watchman()
    safe = await open_safe(database, watch=watch)
    await safe.renew(NOON, "csrf")
    since, life = NOON + WAIT, PURPOSES["csrf"].life or 0
    await safe.custody.turn(since + life - 1)
    assert await safe.states(since + life, "csrf") == [State.OPENING, State.MAKING]
    assert len(safe.vault.secrets("csrf").all) == 2

    end = since + life
    await safe.custody.turn(end)
    await safe.data_keys.load(end)
    assert await safe.states(end, "csrf") == [State.ENDED, State.MAKING]
    assert len(safe.vault.secrets("csrf").all) == 1
    assert [(it.purpose, it.version) for it in watch.seen if isinstance(it, DataKeyEnded)] == [
        ("csrf", 0)
    ]

    await safe.custody.turn(end + GRACE - 1)
    assert await safe.states(end, "csrf") == [State.ENDED, State.MAKING]
    await safe.custody.turn(end + GRACE)
    assert await safe.states(end, "csrf") == [State.ERASED, State.MAKING]
    assert secrets(await open_safe(database, now=end + GRACE)) == secrets(safe)


async def test_a_pepper_of_before_is_never_forgotten(database: Database) -> None:
    """No moment says that nobody has a password of its time any more (K-27)."""
    safe = await open_safe(database)
    await safe.renew(NOON, "password")
    await safe.custody.turn(NOON + 10_000 * DAY)
    assert await safe.states(NOON + 10_000 * DAY, "password") == [State.OPENING, State.MAKING]


async def test_ends_and_erasures_that_another_process_has_seen_to_are_none(
    database: Database,
) -> None:
    safe = await open_safe(database)
    await safe.renew(NOON)
    old = (await safe.data_keys.read())["sealing"][:1]
    for _ in "ab":
        await safe.changes.end(old, NOON + REST)
        await safe.changes.erase(old)
    assert await safe.states(NOON + REST) == [State.ERASED, State.MAKING]
    events = await database.read(database.prepare(select(table(EventRow).c.body)))
    bodies = [bytes(row["body"]) for row in events]
    assert sum(b"DataKeyEnded" in body for body in bodies) == 1
    assert await open_safe(database, NEXT, KEK)
