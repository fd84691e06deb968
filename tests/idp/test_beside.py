"""Work beside the serving goes on, whatever becomes of one turn."""

import asyncio

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from idp.beside import AFTER_A_FAULT, beside

pytestmark = pytest.mark.anyio


class Work:
    """Fails as often as is said, and says when it was done."""

    def __init__(self, fails: int) -> None:
        self.left = fails
        self.made = 0
        self.done, self.failed = asyncio.Event(), asyncio.Event()

    def make(self) -> "Work":
        self.made += 1
        return self

    async def __call__(self) -> float:
        if self.left:
            self.left -= 1
            self.failed.set()
            raise LookupError("not foreseen")
        self.done.set()
        return 3600.0


def faults(work: str) -> float:
    return REGISTRY.get_sample_value("motcua_faults_beside_total", {"work": work}) or 0.0


async def test_a_fault_that_nobody_foresaw_is_told_and_counted_and_ends_nothing() -> None:
    work, before = Work(fails=2), faults("a try")
    with capture_logs() as lines:
        async with beside("a try", work.make, after_a_fault=0.0), asyncio.timeout(10):
            await work.done.wait()
    assert (faults("a try") - before, work.made) == (2.0, 1)
    told = {"event": "fault beside", "work": "a try", "log_level": "error", "exc_info": True}
    assert lines == [told] * 2, "by its place: idp/logs.py"


@pytest.mark.parametrize("fails", [0, 1])
async def test_a_last_turn_is_taken_at_the_end_and_is_watched_like_all_others(fails: int) -> None:
    work, before = Work(fails=0), faults("a try")
    async with asyncio.timeout(10), beside("a try", work.make, last_turn=True):
        await work.done.wait()
        work.done.clear()
        work.left = fails
    assert (work.done.is_set(), work.failed.is_set()) == (not fails, bool(fails))
    assert faults("a try") - before == fails


async def test_work_that_cannot_begin_is_begun_again() -> None:
    work, fails = Work(fails=0), iter([True, True, False])

    def make() -> Work:
        if next(fails):
            raise OSError("not yet")
        return work.make()

    async with beside("a try", make, after_a_fault=0.0), asyncio.timeout(10):
        await work.done.wait()
    assert work.made == 1


async def test_after_a_fault_it_waits_and_the_end_waits_for_nothing() -> None:
    work = Work(fails=1000)
    async with asyncio.timeout(10), beside("a try", work.make):
        await work.failed.wait()
    assert (work.left, AFTER_A_FAULT) == (999, 20.0)
