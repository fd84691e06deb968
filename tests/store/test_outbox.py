"""What is put in the outbox is sent, by one worker at a time, and again if it was not received."""

import asyncio
from collections import Counter

import pytest

from store.bell import Belled
from store.database import Conflict, Database, Write
from store.dead_letters import Backlog, DeadLetters
from store.lease import LeaseRow
from store.micros import DAY, HOUR, SECOND
from store.outbox import BATCH, CLAIM, MOST, NEVER, OUTBOX, Message, Outbox
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
        assert not await outbox.later(claimed, now, "down")
        now += seconds * SECOND
        assert await outbox.due(now - 1) == ()


@pytest.mark.anyio
async def test_a_worker_that_was_late_does_not_disturb_the_next(database: Database) -> None:
    outbox = await put(database, "a")
    [late] = await outbox.due(NOON)
    [_] = await outbox.due(NOON + CLAIM)
    await outbox.later(late, NOON + CLAIM, "late")
    assert await outbox.due(NOON + 2 * CLAIM - 1) == ()


async def give_up(outbox: Outbox) -> int:
    """Try until it is a dead letter. Says when that was."""
    now, dead = NOON, False
    while not dead:
        now = await outbox.next_due()
        [claimed] = await outbox.due(now)
        dead = await outbox.later(claimed, now, "status 500")
    return now


@pytest.mark.anyio
async def test_after_a_day_it_is_a_dead_letter_that_everybody_can_see(
    database: Database,
) -> None:
    outbox, letters = await put(database, "a"), DeadLetters(database)
    assert DAY - HOUR < await give_up(outbox) - NOON < DAY + HOUR
    assert await outbox.due(NOON + 100 * DAY) == ()
    assert await outbox.next_due() == NEVER

    await put(database, "b")
    dead, waiting = await letters.list()
    assert (dead.message_id, dead.attempts, dead.failure) == ("a", MOST, "status 500")
    assert (dead.put_at, dead.due_at) == (NOON, None)
    assert (waiting.message_id, waiting.attempts, waiting.due_at) == ("b", 0, NOON)
    assert await letters.count() == Backlog(waiting=1, dead=1)


@pytest.mark.anyio
async def test_a_dead_letter_can_be_tried_again_and_nothing_else_can(database: Database) -> None:
    outbox, letters = await put(database, "a"), DeadLetters(database)
    await give_up(outbox)
    await put(database, "b")
    assert not await letters.retry("b", NOON + 9 * DAY)
    assert not await letters.retry("c", NOON + 9 * DAY)
    assert await letters.retry("a", NOON + 9 * DAY)
    assert not await letters.retry("a", NOON + 9 * DAY)

    assert [it.message.message_id for it in await outbox.due(NOON + 9 * DAY - 1)] == ["b"]
    [again] = await outbox.due(NOON + 9 * DAY)
    assert (again.message, again.attempts) == (message("a"), 1)


@pytest.mark.anyio
async def test_a_bell_rings_when_a_message_was_kept_and_at_nothing_else(
    database: Database,
) -> None:
    bell = asyncio.Event()
    belled = Belled(database, OUTBOX, bell)
    outbox, lease = Outbox(belled), belled.prepare(table(LeaseRow).insert())
    taken = Write(lease, {"name": "a", "holder": "h", "ends_at": 0})
    await belled.commit(taken)
    with pytest.raises(Conflict):
        await belled.commit(outbox.insert(message("a"), NOON), taken)
    assert not bell.is_set()
    await belled.commit(outbox.insert(message("a"), NOON))
    assert bell.is_set()
    assert await outbox.next_due() == NOON


def test_thirty_workers_claim_each_message_once(open_database: OpenDatabase) -> None:
    names = [f"{n:03}" for n in range(3 * BATCH)]

    async def work(database: Database, number: int) -> list[str]:
        outbox = await put(database, *names)
        return [each.message.message_id for each in await outbox.due(NOON)]

    counted = Counter(name for claimed in race(open_database, work) for name in claimed)
    assert counted == Counter(names)
