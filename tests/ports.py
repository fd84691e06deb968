"""Ports for servers of our own that nobody else takes before they listen."""

import os
import random
import socket
from itertools import cycle

# Below those that Linux lends to whoever connects (32768 and up): or now and then a connection of
# another test sits on the port while its server is still being started.
LOWEST, EACH, SLICES = 12_000, 5_000, 4


def _mine() -> "cycle[int]":
    """A slice for each process of one run, begun anywhere, as there may be several runs."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = LOWEST + worker % SLICES * EACH
    ports = range(first, first + EACH)
    begin = random.randrange(EACH)
    return cycle([*ports[begin:], *ports[:begin]])


_PORTS = _mine()


def free_port() -> int:
    """One on which nobody listens, and which is not given out again for long."""
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
