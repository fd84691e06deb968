"""Runs several programs as one: all are started, all are waited for, all end."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from ssl import create_default_context
from types import FrameType, TracebackType
from typing import Self

from httpx2 import Client, HTTPError

from examples.addresses import CannotRun

PATIENCE = 60  # seconds until a program answers
DRAIN = 25  # seconds until a program that was asked to end is ended
STEP = 0.05
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """``address``: where it answers 200 once it is ready."""

    name: str
    command: Sequence[str]
    address: str
    environment: Mapping[str, str]


class Stopped(BaseException):
    """Somebody asked us to end."""


class Programs:
    """Used as a context: whatever happens inside, every program has ended at its end."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """To be asked to end is no fault."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + DRAIN
        for process in self._running.values():
            end(process, deadline)
        return kind is Stopped

    def start(self, program: Program) -> None:
        """In a group of its own, so that Ctrl-C reaches us alone; its words go to a file."""
        with (self._logs / f"{program.name}.log").open("wb") as log:
            self._running[program.name] = subprocess.Popen(
                program.command,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=dies_with_its_parent(),  # noqa: PLW1509  we have no threads
            )

    def wait_until_ready(self, programs: Sequence[Program]) -> None:
        """Raises ``CannotRun`` if one of them ends or does not answer."""
        deadline = time.monotonic() + PATIENCE
        with Client(verify=create_default_context(), trust_env=False, timeout=2) as http:
            for program in programs:
                while not answers(http, program.address):
                    self._check()
                    if time.monotonic() > deadline:
                        raise CannotRun(
                            f"{program.name} does not answer. {self._said(program.name)}"
                        )
                    time.sleep(STEP)

    def wait(self) -> None:
        """Until one ends, which it should not: then ``CannotRun``."""
        while True:
            self._check()
            time.sleep(10 * STEP)

    def _check(self) -> None:
        for name, process in self._running.items():
            if process.poll() is not None:
                raise CannotRun(f"{name} ended by itself. {self._said(name)}")

    def _said(self, name: str) -> str:
        log = self._logs / f"{name}.log"
        last = log.read_text("utf-8", errors="replace").splitlines()[-20:]
        return "\n".join([f"Its last words, in {log}:", *last])


def stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def end(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(deadline - time.monotonic(), STEP))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(http: Client, address: str) -> bool:
    try:
        return http.get(address).is_success
    except HTTPError:
        return False


def dies_with_its_parent() -> Callable[[], object] | None:
    """Run in the child before it becomes its program: even if we are killed, it ends."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask_the_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_the_kernel
