"""Signing keys in SQL: the public part as it is shown, the private part sealed to its row.

At most one key of an algorithm signs and at most one waits: an index says so, whoever races.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import orjson
from sqlalchemy import CheckConstraint, Index, insert, select
from sqlmodel import Field

from keys.ring import KeyRing
from keys.secrets import new_id
from keys.signing_key import (
    KeyFault,
    SigningKey,
    State,
    generate,
    private_key,
    private_octets,
)
from keys.vault import Unsealable, Vault
from ledger.event import KeyMade, Ledger
from store.database import Conflict, Database, Found, Write
from store.schema import Row, micros, table

# What must be there: one that signs and one that all have seen before it does; RS256 beside them.
WANTED = (
    ("ES256", State.ACTIVE),
    ("ES256", State.PUBLISHED),
    ("RS256", State.ACTIVE),
)
_STATES = ", ".join(f"'{state}'" for state in State)


class SigningKeyRow(Row, table=True):
    __tablename__ = "signing_key"
    __table_args__ = (CheckConstraint(f"state IN ({_STATES})", name="ck_signing_key_state"),)

    kid: str = Field(primary_key=True)
    alg: str
    use: str
    state: str
    public_jwk: str
    private_sealed: bytes | None = None
    created_at: int = micros()
    activated_at: int | None = micros(default=None)


_KEY = table(SigningKeyRow)
_ONE = _KEY.c.state.in_([State.ACTIVE, State.PUBLISHED])
Index(
    "uq_signing_key_alg",
    _KEY.c.alg,
    _KEY.c.use,
    _KEY.c.state,
    unique=True,
    sqlite_where=_ONE,
    postgresql_where=_ONE,
)
_ALL = select(_KEY).order_by(_KEY.c.created_at, _KEY.c.kid)


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as the command line shows it. Times in microseconds."""

    kid: str
    alg: str
    use: str
    state: str
    created_at: int
    activated_at: int | None


class SqlKeys:
    """Makes what is missing and loads the ring; the vault opens private parts."""

    def __init__(self, database: Database, vault: Vault, ledger: Ledger) -> None:
        self._database = database
        self._vault = vault
        self._ledger = ledger
        self._all = database.prepare(_ALL)
        self._insert = database.prepare(insert(_KEY))
        self._ring: tuple[object, KeyRing] | None = None

    async def load(self) -> KeyRing:
        """The ring as it is now; the same one while nothing has changed. Raises ``KeyFault``."""
        rows = await self._database.read(self._all)
        version = tuple((row["kid"], row["state"]) for row in rows)
        if self._ring is None or self._ring[0] != version:
            self._ring = version, KeyRing([self._proven(row) for row in rows])
        return self._ring[1]

    async def ensure(self, now: int) -> None:
        """Make the keys that are missing, all in one commit; of several who try, one does."""
        while missing := await self._missing():
            with suppress(Conflict):
                made = [generate(alg, state) for alg, state in missing]
                await self._database.commit(
                    *(write for key in made for write in self._writes(key, now))
                )

    async def list(self) -> Sequence[Listed]:
        """All keys, the oldest first."""
        names = Listed.__dataclass_fields__
        rows = await self._database.read(self._all)
        return [Listed(**{name: row[name] for name in names}) for row in rows]

    async def _missing(self) -> Sequence[tuple[str, State]]:
        there = {(row["alg"], row["state"]) for row in await self._database.read(self._all)}
        return [wanted for wanted in WANTED if wanted not in there]

    def _writes(self, key: SigningKey, now: int) -> Sequence[Write]:
        private, place = key.private, _place(key.kid)
        sealed = None if private is None else self._vault.seal(private_octets(private), place)
        row = {
            "kid": key.kid,
            "alg": key.alg,
            "use": key.public["use"],
            "state": key.state.value,
            "public_jwk": orjson.dumps(dict(key.public)).decode(),
            "private_sealed": sealed,
            "created_at": now,
            "activated_at": now if key.state is State.ACTIVE else None,
        }
        made = KeyMade(event_id=new_id(now), kid=key.kid, alg=key.alg, state=key.state.value)
        return (Write(self._insert, row), self._ledger.insert(made, now))

    def _proven(self, row: Found) -> SigningKey:
        """A key that is what its row says. Raises ``KeyFault``."""
        kid, sealed = row["kid"], row["private_sealed"]
        try:
            private = None if sealed is None else private_key(self._vault.open(sealed, _place(kid)))
        except Unsealable as error:
            raise KeyFault(
                f"Signing key {kid} does not open: is this the right key-encryption key?"
            ) from error
        key = SigningKey(orjson.loads(row["public_jwk"]), State(row["state"]), private)
        if (key.kid, key.alg) != (kid, row["alg"]):
            raise KeyFault(f"Signing key {kid} is shown as another.")
        key.prove()
        return key


def _place(kid: str) -> str:
    return f"signing_key.private_sealed:{kid}"
