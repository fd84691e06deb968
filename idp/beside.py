"""Work beside the serving, turn after turn for as long as the program runs.

A turn that fails in a way that nobody foresaw is told, counted, and followed by the next one.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from idp import metrics

Turn = Callable[[], Awaitable[float]]
"""Does what is due; returns the seconds until the next look."""

AFTER_A_FAULT = 20.0  # seconds

_LOG = structlog.get_logger("motcua")


@asynccontextmanager
async def beside(
    work: str,
    make: Callable[[], Turn],
    after_a_fault: float = AFTER_A_FAULT,
    *,
    last_turn: bool = False,
) -> AsyncIterator[None]:
    """What is under way when the program stops is finished first; then there may be a last turn.

    ``work``: what the log and the figures call it. ``make`` is called once the program serves, so
    that it is ready sooner.
    """
    stop = asyncio.Event()
    turn = _Watched(work, make, after_a_fault)
    task = asyncio.create_task(_turns(turn, stop))
    try:
        yield
    finally:
        stop.set()
        await task
        if last_turn:
            await turn()


async def _turns(turn: Turn, stop: asyncio.Event) -> None:
    while not stop.is_set():
        pause = await turn()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


class _Watched:
    """A turn that never fails."""

    def __init__(self, work: str, make: Callable[[], Turn], after_a_fault: float) -> None:
        self._work = work
        self._make = make
        self._after_a_fault = after_a_fault
        self._turn: Turn | None = None

    async def __call__(self) -> float:
        try:
            self._turn = self._turn or self._make()
            return await self._turn()
        except Exception:  # noqa: BLE001  whatever it is: told by its place, never by its message
            _LOG.exception("fault beside", work=self._work)
            metrics.FAULTS_BESIDE.labels(self._work).inc()
            return self._after_a_fault
