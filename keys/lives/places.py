"""Where the private part of each signing key lies, for who watches over them.

NIST SP 800-57 part 1 section 6.2.2: what is kept of a key is told by where it is.
"""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import select

from keys.rows import KEY
from keys.signers.held import SOFTWARE
from store.database import Database, Found


class Place(StrEnum):
    """``ERASED``: nobody has it any more."""

    SOFTWARE = "software"
    TOKEN = "pkcs11"
    SERVICE = "remote"
    ERASED = "erased"


class Places:
    def __init__(self, database: Database) -> None:
        self._database = database
        is_sealed = KEY.c.private_sealed.is_not(None).label("is_sealed")
        self._all = database.prepare(select(KEY.c.kid, KEY.c.provider, KEY.c.reference, is_sealed))

    async def of_all(self) -> Mapping[str, Place]:
        """By kid."""
        return {row["kid"]: _place(row) for row in await self._database.read(self._all)}


def _place(row: Found) -> Place:
    here = row["is_sealed"] if row["provider"] == SOFTWARE else row["reference"] is not None
    return Place(row["provider"]) if here else Place.ERASED
