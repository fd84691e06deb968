"""Threads for calls that may take long, each with a seat of its own: who waits can stop waiting.

A call that never returns keeps its thread, and nobody else; what had not begun when its time was
over never begins. The threads end with the program, however stuck they are.

Where cores are few they stand back: a token that is a program computes here, and whoever does not
ask for a signature must not wait for it. setpriority(2): on Linux each thread has its own.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread, get_native_id
from typing import Any, Generic, TypeVar

STANDS_BACK = 10 if sys.platform == "linux" else 0

Seat = TypeVar("Seat")
T = TypeVar("T")


class Threads(Generic[Seat]):
    """``seat`` makes what one thread works with, in that thread."""

    def __init__(self, name: str, count: int, seat: Callable[[], Seat]) -> None:
        self._seat = seat
        self._jobs: SimpleQueue[tuple[Callable[[Seat], Any], Future[Any]] | None] = SimpleQueue()
        self._started = False
        self._threads = [
            Thread(target=self._serve, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]

    def stop(self) -> None:
        """After what is under way."""
        for _ in self._threads:
            self._jobs.put(None)

    async def run(self, work: Callable[[Seat], T]) -> T:
        """In the next thread that is free. The first that is run starts them all."""
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        done: Future[T] = Future()
        self._jobs.put((work, done))
        return await asyncio.wrap_future(done)

    def _serve(self) -> None:
        who = get_native_id() if STANDS_BACK else 0  # 0: the process, which stays as it is
        os.setpriority(os.PRIO_PROCESS, who, os.nice(0) + STANDS_BACK)
        seat = self._seat()
        while (job := self._jobs.get()) is not None:
            work, done = job
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(work(seat))
            except Exception as error:  # noqa: BLE001  it is for who asked
                done.set_exception(error)
