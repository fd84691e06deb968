"""Every place where something sealed lies is described by one of these, beside its table.

So what was sealed can be found again: to be sealed anew (K-17), and to prove a key-encryption key.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson
from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    Update,
    bindparam,
    func,
    select,
    update,
)

from store.database import Database
from store.value import as_value

HEAD = 9  # octets that say which data key has sealed: keys/versions.py
BATCH = 50


@as_value()
class Sample:
    """Something sealed, and where it lies."""

    sealed: bytes
    place: str


@dataclass(frozen=True)
class SealedColumn:
    """``member``: of a JSON object in that column, in base64url; none if it is the column itself.

    ``context``: how a place in it is named where that is not the column's name.
    """

    table: Table
    column: str
    member: str = ""
    context: str = ""

    @property
    def name(self) -> str:
        """As tables and reports say it."""
        return f"{self.table.name}.{self.member or self.column}"

    def place(self, key: str) -> str:
        """What is sealed in the row of this key is bound to."""
        return self._begin + key

    @cached_property
    def _begin(self) -> str:
        return f"{self.context or self.name}:"

    def sealed(self, value: str | bytes) -> bytes:
        """What lies sealed in a value of the column; nothing if there is none."""
        if isinstance(value, bytes):
            return value
        return urlsafe_b64decode(orjson.loads(value).get(self.member, ""))

    def instead(self, value: str | bytes, sealed: bytes) -> str | bytes:
        """The same value with this in place of what lay there; no other octet changes."""
        if isinstance(value, bytes):
            return sealed
        was = orjson.loads(value)[self.member]
        return value.replace(was, urlsafe_b64encode(sealed).decode())

    def some(self) -> Select[tuple[str, str | bytes]]:
        """Rows ``after`` a key that are not under this ``head``."""
        key, value = self._key(), self.table.c[self.column]
        after = key > bindparam("after")
        of = select(key.label("key"), value.label("value")).where(self._old(), after)
        return of.order_by(key).limit(BATCH)

    def swap(self) -> Update:
        """Unless somebody else has changed it."""
        value = self.table.c[self.column]
        mine = self._key() == bindparam("this_key"), value == bindparam("was")
        return update(self.table).where(*mine).values({self.column: bindparam("instead")})

    async def sample(self, database: Database) -> Sample | None:
        """One of what lies there."""
        found = database.prepare(self.some())
        for row in await database.read(found, after="", **self.values(b"")):
            if sealed := self.sealed(row["value"]):
                return Sample(sealed, self.place(row["key"]))
        return None

    def values(self, head: bytes) -> dict[str, bytes]:
        """What ``some`` needs to be told of the head."""
        return {} if self.member else {"head": head}

    def _key(self) -> ColumnElement[str]:
        (key,) = self.table.primary_key.columns
        return key

    def _old(self) -> ColumnElement[bool]:
        value = self.table.c[self.column]
        if self.member:
            return value.not_like(f'%"{self.member}":""%')
        begins = func.substr(value, 1, HEAD, type_=LargeBinary)
        return value.is_not(None) & (begins != bindparam("head", type_=LargeBinary))


Columns = Sequence[SealedColumn]
