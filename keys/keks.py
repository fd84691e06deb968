"""Key-encryption keys: they wrap data keys and nothing else. NIST SP 800-57 part 1 section 6.2.

There may be two: the first wraps, both unwrap, so that one can follow the other (K-17).
"""

from collections.abc import Sequence

from keys.box import Box, Unsealable
from keys.secrets import derive
from keys.versions import ID

_FORMAT = b"\x03"
_HEAD = len(_FORMAT) + ID


class Keks:
    """``secrets``: 32 bytes each; the first one is the newest."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self.secrets = tuple(secrets)
        boxes = [_box(secret) for secret in secrets]
        self._first = boxes[0]
        self._boxes = {box.head: box for box in boxes}

    @property
    def first(self) -> str:
        """The name of the one that wraps."""
        return kek_of(self._first.head)

    def wrap(self, secret: bytes, place: str) -> bytes:
        return self._first.seal(secret, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """Raises ``Unsealable``."""
        box = self._boxes.get(wrapped[:_HEAD])
        if box is None:
            raise Unsealable(f"{place}: wrapped by another key-encryption key")
        return box.open(wrapped, place)


def kek_of(wrapped: bytes) -> str:
    """The name of the key-encryption key that has wrapped it; it says nothing of the key."""
    return wrapped[len(_FORMAT) : _HEAD].hex()


def _box(secret: bytes) -> Box:
    return Box(_FORMAT + derive(secret, "key id")[:ID], derive(secret, "wrapping"))
