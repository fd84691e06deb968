"""The versions of a secret: the first of them makes, all of them check (K-27).

A version is a random secret of 32 bytes that lies wrapped in the table ``data_key``. Version 0 is
of a database from before there was that table: then each was derived from the key-encryption key.
"""

from collections.abc import Mapping, Sequence
from typing import Self

from keys.box import Box
from keys.purposes import PURPOSES
from keys.secrets import derive
from store.value import as_value

ID = 4
_OLDEST, _VERSIONED = b"\x01", b"\x02"  # the formats of what is sealed
HEADS: Mapping[bytes, int] = {_OLDEST: 1 + ID, _VERSIONED: 1 + 4 + ID}
"""How long the head of each is."""


@as_value(kw_only=True)
class DataKey:
    """``key_id`` tells it from the same version in another installation."""

    purpose: str
    version: int
    key_id: bytes
    secret: bytes

    def box(self) -> Box:
        """Format, version, key id. The oldest format knew no versions."""
        if self.version == 0:
            return Box(_OLDEST + self.key_id, self.secret)
        return Box(_VERSIONED + self.version.to_bytes(4) + self.key_id, self.secret)


Chains = Mapping[str, Sequence[DataKey]]
"""By purpose, the one that makes first."""


def derived(kek: bytes) -> dict[str, list[DataKey]]:
    """Version 0 of each."""
    name = derive(kek, "key id")[:ID]
    return {
        it: [DataKey(purpose=it, version=0, key_id=name, secret=derive(kek, it))] for it in PURPOSES
    }


class Secrets:
    """Those of one purpose at this moment: a newer one may come while the program runs."""

    __slots__ = ("_versions", "all")

    def __init__(self, versions: Sequence[DataKey]) -> None:
        self.hold(versions)

    @classmethod
    def of(cls, *secrets: bytes) -> Self:
        """These, the first of them the newest."""
        last = len(secrets) - 1
        return cls(
            [
                DataKey(purpose="", version=last - at, key_id=b"", secret=secret)
                for at, secret in enumerate(secrets)
            ]
        )

    def hold(self, versions: Sequence[DataKey]) -> None:
        """From now on these. The first makes."""
        self._versions = {it.version: it.secret for it in versions}
        self.all = tuple(it.secret for it in versions)

    @property
    def first(self) -> bytes:
        return self.all[0]

    @property
    def newest(self) -> int:
        """The version of the first."""
        return next(iter(self._versions))

    def version(self, number: int) -> bytes | None:
        return self._versions.get(number)
