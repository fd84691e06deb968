"""Authorization codes: each carries, sealed, what it stands for; nothing is put away.

RFC 6749 sections 4.1.2, 10.5 and 10.10. Who has no key can neither read one nor make one: a guess
succeeds with probability 2^-128 (NIST SP 800-38D appendix C). That a code is good once is not kept
here but as a row with a unique key (``consent/grants.py``).
"""

import os
import re

from cryptography.exceptions import InvalidTag

from keys.compact import BadToken, decoded, encoded
from keys.daily import Daily
from keys.versions import Secrets
from oidc.artefacts import AuthorizationCode
from store.micros import DAY

NONCE = 12
VERSION = b"2 "  # of what is sealed: another version's codes are no codes
_CODE = re.compile(r"([0-9a-f]{14})\.([A-Za-z0-9_-]+)")


class Codes:
    """``secrets`` are of this purpose alone. Each day has a key of its own made from one."""

    def __init__(self, secrets: Secrets) -> None:
        self._keys = Daily(secrets, "codes")

    def issue(self, meaning: AuthorizationCode, now: int) -> str:
        """A code that begins with the moment it was made, so that its digest grows with time."""
        born, nonce = f"{now:014x}", os.urandom(NONCE)
        sealed = self._keys.first(now // DAY).encrypt(
            nonce, meaning.dump(), VERSION + born.encode()
        )
        return f"{born}.{encoded(nonce + sealed).decode()}"

    def read(self, code: str) -> AuthorizationCode | None:
        """What it stands for; nothing, if we did not make it. Whether it is good is not judged."""
        found = _CODE.fullmatch(code)
        if found is None:
            return None
        try:
            sealed = decoded(found[2])
        except BadToken:
            return None
        plain = self._opened(sealed, found[1])
        return None if plain is None else AuthorizationCode.load(plain)

    def _opened(self, sealed: bytes, born: str) -> bytes | None:
        for aead in self._keys.all(int(born, 16) // DAY):
            try:
                return aead.decrypt(sealed[:NONCE], sealed[NONCE:], VERSION + born.encode())
            except (InvalidTag, ValueError):
                continue
        return None
