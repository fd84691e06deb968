"""All places where private parts may lie, by the names that rows of keys say."""

import asyncio
from collections.abc import Iterable

from keys.signers.held import SOFTWARE, CannotSign, Held, Keeper
from keys.signing_key import KeyFault, SigningKey, State, generate, shown
from ledger.kinds import Event, Watch

PATIENCE = 2.0
START = 10.0  # seconds for each to be there


def silent(_: Event) -> None:
    """Nobody is told."""


class Keepers:
    """``makes``: the one that new keys are made by. ``patience``: seconds for a signature."""

    def __init__(
        self,
        keepers: Iterable[Keeper] = (),
        *,
        makes: str = SOFTWARE,
        patience: float = PATIENCE,
        watch: Watch = silent,
    ) -> None:
        self._keepers = {keeper.name: keeper for keeper in keepers}
        self._makes = makes
        self._patience = patience
        self._watch = watch

    def heard_by(self, watch: Watch) -> "Keepers":
        """The same, and who is told when one does not sign."""
        keepers = self._keepers.values()
        return Keepers(keepers, makes=self._makes, patience=self._patience, watch=watch)

    async def begin(self) -> None:
        """That all are there, before anybody needs them. Raises ``KeyFault``."""
        for name, keeper in self._keepers.items():
            try:
                async with asyncio.timeout(START):
                    await keeper.open()
            except (CannotSign, TimeoutError) as error:
                why = str(error) or "it does not answer"
                raise KeyFault(f"Signing keys are kept by {name}: {why}.") from error

    async def make(self, alg: str, state: State) -> SigningKey:
        """A fresh key, where new keys are made. Raises ``CannotSign`` and ``KeyFault``."""
        if self._makes == SOFTWARE:
            return await asyncio.to_thread(generate, alg, state)
        keeper = self._keeper(self._makes)
        reference, members = await keeper.make(alg)
        key = SigningKey(shown(members, alg), state, None, self.held(keeper.name, reference))
        await self.prove(key)
        return key

    def held(self, name: str, reference: str) -> Held:
        """A private part that was made before. Raises ``KeyFault``."""
        return Held(self._keeper(name), reference, self._patience, self._watch)

    async def prove(self, key: SigningKey) -> None:
        """That it is kept as it has to be, and signs. K-21, K-22. Raises ``KeyFault``."""
        if key.held is None:
            return
        keeper, reference = key.held.keeper, key.held.reference
        try:
            if shown(await keeper.inspect(reference, key.alg), key.alg) != key.public:
                raise KeyFault(f"Signing key {key.kid} is another one in {keeper.name}.")
            await key.held.signer(key.kid, key.alg, key.checker())(b"self-test")
        except CannotSign as error:
            raise KeyFault(f"Signing key {key.kid} cannot sign: {error}.") from error
        except ValueError as error:  # what it shows is no point of its curve
            raise KeyFault(f"{keeper.name} shows a public key that is none.") from error

    async def discard(self, key: SigningKey) -> None:
        """Of a key that nobody has seen yet: for who made one in vain."""
        if key.held is not None:
            await self.destroy(key.held.keeper.name, key.held.reference)

    async def destroy(self, name: str, reference: str) -> None:
        """Raises ``CannotSign`` and ``KeyFault``."""
        await self._keeper(name).discard(reference)

    def _keeper(self, name: str) -> Keeper:
        if name not in self._keepers:
            raise KeyFault(f"A signing key is kept by {name}, of which the settings say nothing.")
        return self._keepers[name]
