"""A private part that this program does not have: its keeper signs, and we look at the signature.

K-03, K-23 and K-25: whoever keeps it, what leaves has been verified with the public part, within a
time; and nothing ever takes the place of a key that cannot be reached.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from ledger.kinds import SigningRefused, Watch

SOFTWARE = "software"  # this program itself: the private part is sealed to its row
Check = Callable[[bytes, bytes], bool]
SignElsewhere = Callable[[bytes], Awaitable[bytes]]


class CannotSign(Exception):
    """Nothing is signed at this moment; the text says why, for the log."""


class Keeper(Protocol):
    """Keeps private parts and never gives one away. Raises ``CannotSign``."""

    @property
    def name(self) -> str:
        """As the rows of its keys say it."""
        ...

    async def open(self) -> None:
        """That it is there, and lets us in."""
        ...

    async def make(self, alg: str) -> tuple[str, Mapping[str, str]]:
        """A new key: what it is called there, and the members of its public part."""
        ...

    async def inspect(self, reference: str, alg: str) -> Mapping[str, str]:
        """The public part, if its private part is kept as ours have to be."""
        ...

    async def sign(self, reference: str, alg: str, message: bytes) -> bytes:
        """A signature in the form of RFC 7518 section 3 or RFC 8037 section 3.1."""
        ...

    async def discard(self, reference: str) -> None:
        """Destroy it. What is not there was destroyed before, by who could not say so any more."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """``patience``: seconds for a signature. ``watch`` is told when there is none."""

    keeper: Keeper
    reference: str
    patience: float
    watch: Watch

    def signer(self, kid: str, alg: str, check: Check) -> SignElsewhere:
        """Signs with it or raises ``CannotSign``."""
        return partial(_signed, self, kid, alg, check)


async def _signed(held: Held, kid: str, alg: str, check: Check, message: bytes) -> bytes:
    try:
        async with asyncio.timeout(held.patience):
            signature = await held.keeper.sign(held.reference, alg, message)
    except (CannotSign, TimeoutError) as error:
        raise _refused(held, kid, str(error) or "it took too long") from error
    if not check(message, signature):
        raise _refused(held, kid, "what it signed does not verify")
    return signature


def _refused(held: Held, kid: str, why: str) -> CannotSign:
    held.watch(SigningRefused(provider=held.keeper.name, kid=kid, why=why))
    return CannotSign(f"{held.keeper.name}: {why}")
