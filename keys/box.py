"""One key of AES-256-GCM, under its name: NIST SP 800-38D sections 7 and 8 (random nonces)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
TAG = 16


class Unsealable(Exception):
    """Made with another key, for another place, or changed since."""


class Box:
    """What it seals begins with ``head``: the format, and which key of which version made it."""

    __slots__ = ("_aead", "head", "seals")

    def __init__(self, head: bytes, key: bytes) -> None:
        self.head = head
        self.seals = 0  # since this process began: NIST SP 800-38D section 8.3 has a limit
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Head, nonce, ciphertext. ``context`` is its place: "table.column:row"."""
        self.seals += 1
        nonce = os.urandom(NONCE)
        return self.head + nonce + self._aead.encrypt(nonce, plain, self.head + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed for this place. Raises ``Unsealable``."""
        start = len(self.head)
        if not sealed.startswith(self.head) or len(sealed) < start + NONCE + TAG:
            raise Unsealable(f"{context}: sealed with another key")
        nonce, rest = sealed[start : start + NONCE], sealed[start + NONCE :]
        try:
            return self._aead.decrypt(nonce, rest, self.head + context.encode())
        except InvalidTag as error:
            raise Unsealable(f"{context}: moved or changed since it was sealed") from error
