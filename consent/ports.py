"""What release needs from outside, in the smallest words. It imports no storage."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from clients.model import Client
from consent.purposes import Purpose
from keys.ring import KeyRing

Then = Callable[[], None] | None
"""What is done while a commit is on its way to the disk, if there is anything. It never raises."""


class People(Protocol):
    """Those who have an account."""

    async def number_of(self, account_id: str) -> str:
        """The personal number, of which a register's pseudonym is made."""
        ...

    async def contact(self, account_id: str) -> Mapping[str, Any]:
        """What the account holds, by attribute id: as ``consent/claims.py`` reads it."""
        ...

    def opened(self, contact: bytes, account_id: str) -> Mapping[str, Any]:
        """The same, from what was read of it with a grant."""
        ...


class Purposes(Protocol):
    async def find(self, purpose_id: str, now: int) -> Purpose | None:
        """As it stands."""
        ...


class Clients(Protocol):
    async def find(self, client_id: str, now: int) -> Client | None:
        """A registered client that is not disabled."""
        ...


class Keys(Protocol):
    async def current(self, now: int) -> KeyRing:
        """The ring that signs what a register verifies."""
        ...
