"""A key for each day, made from the secret of one purpose.

So no key seals more than a day's values, far from the 2^32 of NIST SP 800-38D section 8.3 (K-18),
and nobody has to count.
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.secrets import derive
from keys.versions import Secrets

_MOST = 8  # days kept: whoever makes days up gets no more


class Daily:
    """``label``: what is sealed, so that the day's keys of two purposes could never be the same."""

    def __init__(self, secrets: Secrets, label: str) -> None:
        self._secrets = secrets
        self._label = label
        self._of = secrets.all
        self._made: dict[int, tuple[AESGCM, ...]] = {}

    def first(self, day: int) -> AESGCM:
        """What seals on that day."""
        return self.all(day)[0]

    def all(self, day: int) -> Sequence[AESGCM]:
        """What may have sealed on that day, the newest first."""
        if self._of is not self._secrets.all:
            self._of = self._secrets.all
            self._made.clear()
        made = self._made.get(day)
        return self._make(day) if made is None else made

    def _make(self, day: int) -> Sequence[AESGCM]:
        if len(self._made) >= _MOST:
            self._made.clear()
        label = f"{self._label} of {day}"
        made = self._made[day] = tuple(AESGCM(derive(secret, label)) for secret in self._of)
        return made
