"""The ring is at most a second old, and no request waits for another's reading without need."""

import asyncio

import pytest

from keys.current import Keys
from keys.ring import KeyRing
from store.database import Unavailable
from store.micros import SECOND
from tests.keys.samples import NOON, es256


class Source:
    """A place where rings are read: as slow as its gate, gone while ``gone``."""

    def __init__(self) -> None:
        self.ring = KeyRing([es256()])
        self.read = 0
        self.gone = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self, now: int) -> KeyRing:
        self.read += 1
        await self.gate.wait()
        if self.gone:
            raise Unavailable("gone")
        return self.ring


async def turn() -> None:
    """Let what was begun go on."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.anyio
async def test_it_is_read_once_for_all_who_ask_at_the_start() -> None:
    source = Source()
    keys = Keys(source.load)
    rings = await asyncio.gather(*(keys.current(NOON) for _ in range(30)))
    assert set(rings) == {source.ring}
    assert source.read == 1


@pytest.mark.anyio
async def test_a_change_is_seen_within_a_second() -> None:
    source = Source()
    keys = Keys(source.load)
    old = await keys.current(NOON)
    source.ring = KeyRing([es256()])
    assert await keys.current(NOON + SECOND // 2 - 1) is old
    assert source.read == 1
    assert await keys.current(NOON + SECOND) is source.ring


@pytest.mark.anyio
async def test_past_half_a_second_it_is_read_beside_the_requests() -> None:
    source = Source()
    keys = Keys(source.load)
    old = await keys.current(NOON)
    source.ring = KeyRing([es256()])
    source.gate.clear()

    for _ in range(30):
        assert await keys.current(NOON + SECOND // 2) is old
    await turn()
    assert source.read == 2
    source.gate.set()
    await turn()
    assert await keys.current(NOON + SECOND // 2) is source.ring
    assert source.read == 2


@pytest.mark.anyio
async def test_without_its_source_it_lasts_a_second() -> None:
    source = Source()
    keys = Keys(source.load)
    old = await keys.current(NOON)
    source.gone = True
    assert await keys.current(NOON + SECOND - 1) is old
    await turn()
    with pytest.raises(Unavailable):
        await keys.current(NOON + SECOND)
    source.gone = False
    assert await keys.current(NOON + SECOND) is source.ring


@pytest.mark.anyio
async def test_who_gives_up_waiting_takes_it_from_nobody() -> None:
    source = Source()
    keys = Keys(source.load)
    source.gate.clear()
    impatient, patient = (asyncio.create_task(keys.current(NOON)) for _ in range(2))
    await turn()
    impatient.cancel()
    await turn()
    source.gate.set()
    assert await patient is source.ring
