"""Where an address leads that a client has chosen: every host it stands for is judged first.

What a client registers must not become a way into our network. It is one of the judged addresses
that is connected to, so that a name cannot mean one thing when it is judged and another when it
is used.
"""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import SplitResult

from clients.networks import Networks

NAMES = 32  # looked up at once, in threads of their own: whose name hangs holds up nobody else
_PORTS = {"https": 443, "http": 80}


class NotAllowed(Exception):
    """Nobody may be called there; the text says why in a word, and names nobody."""


class Addresses:
    """To be closed at the end."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._names = ThreadPoolExecutor(NAMES, "names")

    def close(self) -> None:
        self._names.shutdown(wait=False, cancel_futures=True)

    async def of(self, url: SplitResult) -> Sequence[str]:
        """All that its host stands for at this moment. Raises ``NotAllowed`` and ``OSError``."""
        if url.scheme != "https" and not (self._networks.loopback and url.scheme == "http"):
            raise NotAllowed("not https")
        ask = partial(socket.getaddrinfo, url.hostname, port(url), type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._names, ask)
        addresses = [str(address[0]) for *_, address in found]
        if not all(map(self._networks.allow, addresses)):
            raise NotAllowed("not a public address")
        return addresses


def port(url: SplitResult) -> int:
    """Raises ``ValueError`` where it is no number that a port can have."""
    return url.port or _PORTS[url.scheme]


def pinned(url: SplitResult, address: str) -> str:
    """The same, at this very address; a fragment is for who asks, not for who answers."""
    host = f"[{address}]" if ":" in address else address
    return url._replace(netloc=f"{host}:{port(url)}", fragment="").geturl()
