"""The population register of the examples on a real port, for whichever world is open."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import uvicorn
from httpx2 import AsyncClient
from joserfc.jwk import KeySet

from examples.registers.access import Pairing
from examples.registers.app import create
from tests.ports import free_port
from tests.sample import ISSUER, REGISTER
from tests.servers import wait_for

PAIRING_KEY = "p" * 43


@dataclass
class Population:
    """``clock`` (seconds) and ``jwks`` are those of the world that is open."""

    url: str
    clock: Callable[[], int] = field(default=lambda: 0)
    jwks: bytes = b'{"keys": []}'

    def time(self) -> int:
        return self.clock()

    async def becomes(self, mode: str) -> None:
        """``down``, ``slow``, or ``none`` of these."""
        async with AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.url}/faults", json={"mode": mode})
        assert answer.status_code == 200


@cache
def population() -> Population:
    """One for all tests of the process."""
    return register_of(REGISTER)


def register_of(people: Iterable[dict[str, Any]]) -> Population:
    """In a thread of its own: its patience is real."""
    port = free_port()
    register = Population(f"http://127.0.0.1:{port}")

    async def keys() -> KeySet:
        return KeySet.import_key_set(json.loads(register.jwks))

    pairing = Pairing(ISSUER, "population", PAIRING_KEY, keys, register.time)
    app = create(people, pairing, demonstration=True)
    config = uvicorn.Config(app, "127.0.0.1", port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True).start()
    wait_for(port)
    return register
