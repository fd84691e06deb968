"""Sealing what must be read back: AES-256-GCM under a key-encryption key.

NIST SP 800-38D section 8 (random nonces; one key for fewer than 2^32 seals); RFC 5869.
A seal says its version and which key made it, and opens only in the place it was made for.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.secrets import derive

VERSION = b"\x01"
KEY_ID = 4
NONCE = 12
TAG = 16


class Unsealable(Exception):
    """Made with another key, for another place, or changed since."""


class Vault:
    """``kek`` is the key-encryption key: 32 random bytes that are kept nowhere near the data."""

    def __init__(self, kek: bytes) -> None:
        self._kek = kek
        self._aead = AESGCM(self.key("sealing"))
        self._head = VERSION + self.key("key id")[:KEY_ID]

    def key(self, purpose: str) -> bytes:
        """A key of its own for each purpose, 32 bytes; the same as long as the kek is."""
        return derive(self._kek, purpose)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Version, key id, nonce, ciphertext. ``context`` is its place: "table.column:row"."""
        nonce = os.urandom(NONCE)
        return self._head + nonce + self._aead.encrypt(nonce, plain, self._place(context))

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed for this place. Raises ``Unsealable``."""
        start = len(self._head)
        if sealed[:start] != self._head or len(sealed) < start + NONCE + TAG:
            raise Unsealable(f"{context}: sealed with another key")
        nonce, rest = sealed[start : start + NONCE], sealed[start + NONCE :]
        try:
            return self._aead.decrypt(nonce, rest, self._place(context))
        except InvalidTag as error:
            raise Unsealable(f"{context}: moved or changed since it was sealed") from error

    def _place(self, context: str) -> bytes:
        return self._head + context.encode()
