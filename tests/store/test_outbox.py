"""What is put in the outbox is sent, by one worker at a time, and again if it was not received."""

from collections import Counter

import pytest

from store.database import Conflict, Database, Write
from store.lease import LeaseRow
from store.micros import HOUR, MINUTE, SECOND
from store.outbox import BATCH, CLAIM, Message, Outbox
from store.schema import table
from tests.conftest import OpenDatabase
from tests.store.races import race

NOON = 1_000 * HOUR


def message(name: str) -> Message:
    return Message(message_id=name, kind="test", body=b"{}")


async def put(database: Database, *names: str) -> Outbox:
    outbox = Outbox(database)
    await database.commit(*(outbox.insert(message(name), NOON) for name in names))
    return outbox


@pytest.mark.anyio
async def test_a_message_is_due_once_and_gone_when_done(database: Database) -> None:
    outbox = await put(database, "a")
    [claimed] = await outbox.due(NOON)
    assert (claimed.message, claimed.attempts) == (message("a"), 1)
    await outbox.done(claimed)
    assert await outbox.due(NOON + HOUR) == ()


@pytest.mark.anyio
async def test_nothing_is_sent_of_a_change_that_was_not_kept(database: Database) -> None:
    lease = database.prepare(table(LeaseRow).insert())
    taken = Write(lease, {"name": "a", "holder": "h", "ends_at": 0})
    outbox = Outbox(database)
    with pytest.raises(Conflict):
        await database.commit(outbox.insert(message("a"), NOON), taken, taken)
    assert await outbox.due(NOON) == ()


@pytest.mark.anyio
async def test_what_is_put_twice_is_one_message(database: Database) -> None:
    await put(database, "a")
    outbox = await put(database, "a")
    assert len(await outbox.due(NOON)) == 1


@pytest.mark.anyio
async def test_a_worker_that_crashed_leaves_its_messages_to_another(database: Database) -> None:
    outbox = await put(database, "a")
    [lost] = await outbox.due(NOON)
    assert await outbox.due(NOON + CLAIM - 1) == ()
    [found] = await outbox.due(NOON + CLAIM)
    assert (found.message, found.attempts) == (lost.message, 2)


@pytest.mark.anyio
async def test_what_was_not_received_is_tried_later_and_ever_later(database: Database) -> None:
    outbox = await put(database, "a")
    now = NOON
    for seconds in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600):
        [claimed] = await outbox.due(now)
        await outbox.later(claimed, now)
        now += seconds * SECOND
        assert await outbox.due(now - 1) == ()


@pytest.mark.anyio
async def test_a_worker_that_was_late_does_not_disturb_the_next(database: Database) -> None:
    outbox = await put(database, "a")
    [late] = await outbox.due(NOON)
    [_] = await outbox.due(NOON + CLAIM)
    await outbox.later(late, NOON + CLAIM)
    assert await outbox.due(NOON + CLAIM + MINUTE - 1) == ()


def test_thirty_workers_claim_each_message_once(open_database: OpenDatabase) -> None:
    names = [f"{n:03}" for n in range(3 * BATCH)]

    async def work(database: Database, number: int) -> list[str]:
        outbox = await put(database, *names)
        return [each.message.message_id for each in await outbox.due(NOON)]

    counted = Counter(name for claimed in race(open_database, work) for name in claimed)
    assert counted == Counter(names)
