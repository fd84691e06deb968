"""Figures for Prometheus: each request by endpoint and status, each event by its kind.

With several workers each writes files of its own, and the port adds them up.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

_REQUESTS = Histogram(
    "motcua_request_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ("endpoint", "status"),
    buckets=BUCKETS,
)
_EVENTS = Counter("motcua_events", "What happened, and what was refused.", ("kind", "error"))
OUTBOX = Gauge(
    "motcua_outbox_messages",
    "Messages that wait to be sent, and dead letters: those that were tried too often.",
    ("state",),
    multiprocess_mode="mostrecent",
)
DELIVERIES = Counter("motcua_outbox_deliveries", "Attempts to send a message.", ("kind", "outcome"))
KEY_AGE = Gauge(
    "motcua_key_age_ratio",
    "How far through its cryptoperiod the key is that signs; past 1.2 it signs no more.",
    ("alg",),
    multiprocess_mode="mostrecent",
)
KEY_HELD = Gauge(
    "motcua_key_held_ratio",
    "Where a key is held: of the sign-ins that it is for, those at services that do not have it.",
    ("alg",),
    multiprocess_mode="mostrecent",
)
FAULTS_BESIDE = Counter(
    "motcua_faults_beside",
    "Turns of the work beside the serving that failed as nobody foresaw; the log says where.",
    ("work",),
)
LINES_LOST = Counter("motcua_log_lines_lost", "Lines of the log that could not be written.")


@cache
def requests(endpoint: str, status: int) -> Histogram:
    """``endpoint`` is one of a known few."""
    return _REQUESTS.labels(endpoint, str(status))


@cache
def events(kind: str, error: str = "") -> Counter:
    return _EVENTS.labels(kind, error)


@contextmanager
def served(address: tuple[str, int], workers: int, data: Path) -> Iterator[None]:
    """The port, for the whole program; opened before any worker starts. Raises ``OSError``."""
    with nullcontext(REGISTRY) if workers == 1 else _shared(data) as registry:
        host, port = address
        server, thread = start_http_server(port, host, registry)
        yield
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def _shared(data: Path) -> Iterator[CollectorRegistry]:
    """In ``data`` if we may write there: on a read-only root nothing else may be left to us."""
    place = data if os.access(data, os.W_OK | os.X_OK) else None
    with TemporaryDirectory(prefix="motcua-metrics-", dir=place) as folder:
        os.environ[FOLDER] = folder  # the workers' libraries look there when they are imported
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]  # it has none
        yield registry
