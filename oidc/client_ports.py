"""What the engine needs to know of clients: who they are, and what they prove it with.

RFC 7591 section 2; OpenID Connect Core sections 6.2 and 10.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from clients.dynamic.registration import Registration
from clients.model import Client
from keys.foreign import ForeignKey


class Clients(Protocol):
    async def find(self, client_id: str, now: int) -> Client | None:
        """A registered client that is not disabled."""
        ...


class ClientKeys(Protocol):
    async def of(self, client: Client, now: int, kid: str | None = None) -> Sequence[ForeignKey]:
        """A client's public keys, also those that lie at its own address.

        ``kid``: the one wanted; who does not have it looks there again. ``BadKey`` where what was
        registered is no key.
        """
        ...


class ClientSecrets(Protocol):
    def open(self, client: Client) -> bytes | None:
        """The octets of a secret that was kept to be read back."""
        ...


class RequestObjects(Protocol):
    async def at(self, request_uri: str) -> str | None:
        """What lies at this address of a client's; none where nothing of use does."""
        ...


class Registrar(Protocol):
    """Of clients that register themselves. ``clients.dynamic.refused`` says how it refuses."""

    async def register(
        self, said: Mapping[str, Any], invitation: str | None, now: int
    ) -> Registration:
        """A new client; nothing was kept where it is refused."""
        ...

    async def read(self, client_id: str, token: str) -> Registration:
        """As it stands."""
        ...

    async def change(
        self, client_id: str, token: str, said: Mapping[str, Any], now: int
    ) -> Registration:
        """As it is from now on: what is not said has its default."""
        ...

    async def delete(self, client_id: str, token: str, now: int) -> None:
        """With everything that rests on it."""
        ...
