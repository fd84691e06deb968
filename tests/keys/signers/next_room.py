"""A keeper in the next room: real keys in this process, and each fault that a keeper may have."""

import asyncio
from collections.abc import Mapping

from keys.algorithms import members
from keys.signers.held import CannotSign, Held
from keys.signing_key import SigningKey, State, generate, shown
from tests.keys.signers.told import Told

PATIENCE = 0.05


class NextRoom:
    """``fault``: what it does instead of signing."""

    name = "next room"

    def __init__(self) -> None:
        self.keys: dict[str, SigningKey] = {}
        self.fault = ""

    async def open(self) -> None:
        pass

    async def make(self, alg: str) -> tuple[str, Mapping[str, str]]:
        key = generate(alg, State.ACTIVE)
        assert key.private is not None
        self.keys[key.kid] = key
        return key.kid, members(key.private)

    async def inspect(self, reference: str, alg: str) -> Mapping[str, str]:
        private = self.keys[reference].private
        assert private is not None
        return members(private)

    async def sign(self, reference: str, alg: str, message: bytes) -> bytes:
        await asyncio.sleep(0)
        if self.fault == "gone":
            raise CannotSign("nobody answers")
        if self.fault == "slow":
            await asyncio.Event().wait()
        signature = self.keys[reference].signer()(message)
        return signature[::-1] if self.fault == "wrong" else signature

    async def discard(self, reference: str) -> None:
        del self.keys[reference]


async def held_key(room: NextRoom, alg: str = "ES256", watch: Told | None = None) -> SigningKey:
    reference, said = await room.make(alg)
    held = Held(room, reference, PATIENCE, watch or Told())
    return SigningKey(shown(said, alg), State.ACTIVE, None, held)
