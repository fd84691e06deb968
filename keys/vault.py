"""Sealing what must be read back, and a secret for each purpose, under the data keys of now.

Key-encryption key -> data keys (``keys/data_keys``) -> fields: K-16. A seal says its format, its
data key's version and which key that is, and opens only in the place it was made for.
"""

from collections.abc import Mapping

from keys.box import Box, Unsealable
from keys.purposes import PURPOSES, SEALING
from keys.versions import HEADS, Chains, Secrets, derived

__all__ = ["Unsealable", "Vault"]


class Vault:
    """Begins with what a key-encryption key alone gives; ``hold`` brings what the database has."""

    def __init__(self, kek: bytes) -> None:
        chains = derived(kek)
        self._secrets = {purpose: Secrets(chain) for purpose, chain in chains.items()}
        self._boxes: dict[bytes, Box] = {}
        self.hold(chains)

    def hold(self, chains: Chains) -> None:
        """From now on these, of every purpose; what has seals to count keeps its count."""
        for purpose, chain in chains.items():
            self._secrets[purpose].hold(chain)
        boxes = [it.box() for it in chains[SEALING]]
        kept = [self._boxes.get(box.head, box) for box in boxes]
        self._boxes = {box.head: box for box in kept}
        self._seal = kept[0].seal
        self.making = kept[0].head
        self._sealing = {it.version: box for it, box in zip(chains[SEALING], kept, strict=True)}

    def secrets(self, purpose: str) -> Secrets:
        """Of a purpose in ``keys/purposes.py``; they follow while the program runs."""
        return self._secrets[purpose]

    def key(self, purpose: str) -> bytes:
        """Of a purpose whose secret never changes: 32 bytes."""
        if PURPOSES[purpose].renewable:
            raise LookupError(f"{purpose}: there may be several")
        return self._secrets[purpose].first

    def seal(self, plain: bytes, context: str) -> bytes:
        """``context`` is its place: "table.column:row"."""
        return self._seal(plain, context)

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed for this place. Raises ``Unsealable``."""
        box = self._boxes.get(sealed[: HEADS.get(sealed[:1], 0)])
        if box is None:
            raise Unsealable(f"{context}: sealed with another key")
        return box.open(sealed, context)

    def seals(self) -> Mapping[int, int]:
        """How often each version has sealed in this process."""
        return {version: box.seals for version, box in self._sealing.items()}
