"""The log: one JSON object a line, with the id of the request it belongs to.

No personal data: a fault is told by its kind and its place, never by its message, and of a request
only what was asked for, not with what. When nobody reads it, or the disk is full, nothing stops for
that: what must not be lost lies in its table.
"""

import asyncio
import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

import orjson
import structlog

from idp.metrics import LINES_LOST
from store.micros import SECOND

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
Entry = MutableMapping[str, Any]


def configure() -> None:
    """For this process: ours and the libraries' lines in one form, on standard output."""
    shared = (_with_request_id, structlog.processors.add_log_level, _stamp, _fault_by_place)
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(orjson.dumps)],
        logger_factory=lambda *_: _Lines(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(_dumps),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("uvicorn").setLevel(logging.INFO)


class Output:
    """Standard output, also of the libraries' threads. What cannot be written is counted.

    What may wait is flushed once a turn of the loop: a call of the system costs more than a line.
    """

    _waiting = 0
    _due = False  # whether the loop has been asked to flush

    def write(self, line: bytes) -> None:
        self._put(line)
        self._flush()

    def write_soon(self, line: bytes) -> None:
        if not self._due:
            asyncio.get_running_loop().call_soon(self._flush)
            self._due = True
        self._put(line)

    def _put(self, line: bytes) -> None:
        self._waiting += 1
        try:
            sys.stdout.buffer.write(line)
        except OSError:
            LINES_LOST.inc()
            self._waiting -= 1

    def _flush(self) -> None:
        waiting, self._waiting, self._due = self._waiting, 0, False
        try:
            sys.stdout.buffer.flush()
        except OSError:
            LINES_LOST.inc(waiting)


_OUTPUT = Output()


class _Lines:
    """What structlog writes to."""

    def msg(self, line: bytes) -> None:
        _OUTPUT.write(line + b"\n")

    debug = info = warning = error = critical = msg


class _Handler(logging.Handler):
    """What the libraries write to."""

    def emit(self, record: logging.LogRecord) -> None:
        _OUTPUT.write(self.format(record).encode() + b"\n")


_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


def request(method: str, endpoint: str, status: int, now: int, took: int) -> None:
    """One line for each request, by hand: there are more of these than of all others together.

    ``took`` in microseconds. What is given is ours to the last letter, so nothing needs quoting.
    """
    at, micros = divmod(now, SECOND)
    line = (
        f'{{"event":"request","request_id":"{REQUEST_ID.get()}","method":"{method}",'
        f'"endpoint":"{endpoint}","status":{status},"micros":{took},'
        f'"level":"info","at":"{moment(at)}.{micros:06}Z"}}\n'
    )
    _OUTPUT.write_soon(line.encode())


@lru_cache(maxsize=1)
def moment(at: int) -> str:
    """ISO 8601 without a zone, for it is always UTC. ``at`` in seconds."""
    return datetime.fromtimestamp(at, UTC).isoformat()[:-6]


def _with_request_id(_logger: Any, _method: str, entry: Entry) -> Entry:
    if request_id := REQUEST_ID.get():
        entry["request_id"] = request_id
    return entry


def _fault_by_place(_logger: Any, _method: str, entry: Entry) -> Entry:
    """What went wrong and where. A message may quote what a person typed."""
    found = entry.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else sys.exception() if found else None
    if error is not None:
        entry["fault"] = type(error).__name__
        entry["at_lines"] = [
            f"{Path(frame.f_code.co_filename).name}:{line}"
            for frame, line in walk_tb(error.__traceback__)
        ]
    return entry


def _dumps(entry: Entry, **_: Any) -> str:
    return orjson.dumps(entry, default=str).decode()
