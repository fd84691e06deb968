"""What an old data key sealed is sealed anew while the program runs, and nothing is lost (K-17)."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from clients.secrets import SECRET
from consent.ports import Then
from idp.accounts.sql import NUMBER
from idp.letters import BODY
from idp.sealing.columns import COLUMNS
from keys.data_keys.columns import BATCH
from keys.data_keys.custody import LEASE
from keys.data_keys.states import REST, WAIT, State
from keys.vault import Unsealable
from store.database import Database, Write
from tests.conftest import OpenDatabase
from tests.keys.safes import Safe, change, furnish, open_safe, opened
from tests.keys.samples import NOON

pytestmark = pytest.mark.anyio
LATER = NOON + WAIT


async def renewed(database: Database, people: int = 3) -> tuple[Safe, dict[str, bytes]]:
    """Everything under an old data key, and a new one that makes."""
    safe = await open_safe(database)
    plain = await furnish(database, safe.vault, people)
    await safe.renew(NOON)
    await safe.data_keys.load(LATER)
    return safe, plain


async def walk(safe: Safe, now: int = LATER) -> tuple[int, int]:
    """To the end: how many were sealed anew, and how many open with no key."""
    while (passed := await safe.custody.turn(now)) is not None and not passed.done:
        pass
    assert passed is not None
    return passed.resealed, passed.broken


async def test_everything_is_sealed_anew_and_says_the_same(database: Database) -> None:
    safe, plain = await renewed(database)
    left = await safe.custody.reseal.left()
    assert sum(left.values()) == len(plain)
    assert left[NUMBER.name] == 3
    assert left["client.client_secret_sealed"] == 1

    assert await walk(safe) == (len(plain), 0)

    assert sum((await safe.custody.reseal.left()).values()) == 0
    assert await opened(safe) == plain
    assert await walk(safe) == (0, 0)


async def test_nothing_else_of_a_row_changes(database: Database) -> None:
    safe, _ = await renewed(database)

    async def rest() -> list[str]:
        found = []
        for column in COLUMNS:
            for row in await database.read(database.prepare(select(column.table))):
                value = row[column.column]
                sealed = column.sealed(value)
                kept = column.instead(value, b"") if sealed else value
                found.append(repr({**dict(row), column.column: kept}))
        return sorted(found)

    # the other column of an account's row is looked at by itself
    async def without_seals() -> list[str]:
        return [line for line in await rest() if "number_sealed" not in line]

    before = await without_seals()
    await walk(safe)
    assert await without_seals() == before


async def test_an_old_data_key_ends_only_when_nothing_is_left_under_it(database: Database) -> None:
    safe, _ = await renewed(database)
    stolen = await number(database)
    await safe.custody.turn(LATER + REST)
    assert await safe.states(LATER + REST) == [State.OPENING, State.MAKING], "some was"
    assert safe.vault.open(stolen, NUMBER.place("a-000"))

    await walk(safe, LATER + REST - 1)
    assert await safe.states(LATER) == [State.OPENING, State.MAKING], "too early"
    await walk(safe, LATER + REST)
    assert await safe.states(LATER) == [State.ENDED, State.MAKING]
    await safe.data_keys.load(LATER + REST)
    with pytest.raises(Unsealable, match="another key"):
        safe.vault.open(stolen, NUMBER.place("a-000"))
    assert await safe.custody.turn(LATER + REST) is None


async def number(database: Database) -> bytes:
    statement = select(NUMBER.table.c.number_sealed).order_by(NUMBER.table.c.account_id)
    return bytes((await database.read(database.prepare(statement)))[0]["number_sealed"])


async def test_what_opens_with_no_key_is_left_and_keeps_the_old_one(database: Database) -> None:
    safe, plain = await renewed(database)
    sealed = await number(database)
    wrong = {"number_sealed": sealed[:-1] + bytes([sealed[-1] ^ 1])}
    mine = NUMBER.table.c.account_id == "a-000"
    await change(database, NUMBER.table, mine, **wrong)
    assert await walk(safe) == (len(plain) - 1, 1)
    assert await walk(safe, LATER + REST) == (0, 1)
    assert await safe.states(LATER + REST) == [State.OPENING, State.MAKING]
    assert await number(database) == wrong["number_sealed"]


class Overtaken:
    """The database, to which somebody else writes between our reading of letters and our commit."""

    def __init__(self, database: Database, body: bytes) -> None:
        self._database, self._body = database, body
        self.prepare, self.durable, self.read = database.prepare, database.durable, database.read

    async def commit(self, *writes: Write, meanwhile: Then = None) -> None:
        if any("outbox" in write.statement.sql for write in writes):
            await change(self._database, BODY.table, body=self._body)
        await self._database.commit(*writes, meanwhile=meanwhile)


async def test_a_change_of_somebody_else_in_between_is_kept(database: Database) -> None:
    """What was read before it is not written over it."""
    safe, _ = await renewed(database)
    new = safe.vault.seal(b"another letter", BODY.place("a-000"))
    overtaken = await open_safe(Overtaken(database, new), now=LATER)
    while not (await overtaken.custody.walk()).done:
        pass
    after = await database.read(database.prepare(select(BODY.table.c.body)))
    assert {bytes(row["body"]) for row in after} == {new}
    assert sum((await safe.custody.reseal.left()).values()) == 0


async def test_who_is_killed_between_two_batches_is_followed_by_another(
    database: Database,
) -> None:
    people = BATCH + BATCH // 2
    killed, plain = await renewed(database, people)
    await killed.custody.hold(LATER)
    for _ in range(3):
        await killed.custody.reseal.step()
    done = sum((await killed.custody.reseal.left()).values())
    assert 0 < done < len(plain)

    next_one = await open_safe(database, now=LATER)
    assert await next_one.custody.turn(LATER + LEASE - 1) is None, "the dead one has the lease"
    assert await walk(next_one, LATER + LEASE) == (done, 0)
    assert await opened(next_one) == plain


async def test_several_at_once_lose_nothing(open_database: OpenDatabase) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(4)]
        first, plain = await renewed(doors[0], BATCH)
        others = [await open_safe(door, now=LATER) for door in doors[1:]]

        async def all_of_it(safe: Safe) -> None:
            while not (await safe.custody.walk(1)).done:
                pass

        await asyncio.gather(*(all_of_it(safe) for safe in (first, *others)))
        assert await opened(first) == plain
        assert sum((await first.custody.reseal.left()).values()) == 0


async def test_of_several_one_has_the_lease(open_database: OpenDatabase) -> None:
    async with open_database() as door, open_database() as other:
        first, _ = await renewed(door)
        second = await open_safe(other, now=LATER)
        assert await first.custody.turn(LATER) is not None
        assert await second.custody.turn(LATER) is None


async def test_a_secret_in_a_description_is_found_and_replaced_alone(database: Database) -> None:
    safe, _ = await renewed(database)
    text = '{"a":1,"client_secret_sealed":"AAAA","b":"AAA"}'
    assert SECRET.sealed(text) == b"\0\0\0"
    assert SECRET.instead(text, b"\1\1\1") == '{"a":1,"client_secret_sealed":"AQEB","b":"AAA"}'
    assert SECRET.sealed('{"a":1}') == b""
    assert SECRET.place("mill") == "client.client_secret:mill"
    assert safe
