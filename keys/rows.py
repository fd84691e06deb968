"""The table of signing keys. At most one of an algorithm signs: an index says so, whoever races.

One database is one issuer, so the index need not name it.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from keys.lives.lifecycle import Life
from keys.signers.held import SOFTWARE
from keys.signing_key import State
from store.database import Found
from store.schema import Row, micros, table

_STATES = ", ".join(f"'{state}'" for state in State)


class SigningKeyRow(Row, table=True):
    """``keys.lives.lifecycle.Life`` tells what the times are.

    ``demonstration``: it was made where anybody may try things out. A program that is none
    refuses to start with it. ``provider`` keeps the private part, and ``reference`` is what it is
    called there; this program's own lie sealed in the row.
    """

    __tablename__ = "signing_key"
    __table_args__ = (CheckConstraint(f"state IN ({_STATES})", name="ck_signing_key_state"),)

    kid: str = Field(primary_key=True)
    alg: str
    use: str
    state: str
    public_jwk: str
    private_sealed: bytes | None = None
    created_at: int = micros()
    published_at: int | None = micros(default=None)
    activated_at: int | None = micros(default=None)
    deactivated_at: int | None = micros(default=None)
    compromised_at: int | None = micros(default=None)
    changed_at: int | None = micros(default=None)
    alarmed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    held_at: int | None = micros(default=None)
    demonstration: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    provider: str = Field(default=SOFTWARE, sa_column_kwargs={"server_default": SOFTWARE})
    reference: str | None = None


KEY = table(SigningKeyRow)
_SIGNS = KEY.c.state == State.ACTIVE
Index(
    "uq_signing_key_alg",
    KEY.c.alg,
    KEY.c.use,
    unique=True,
    sqlite_where=_SIGNS,
    postgresql_where=_SIGNS,
)

_NAMES = tuple(field.name for field in fields(Life))


def life_of(row: Found) -> Life:
    """A row that the version before has written lacks some times: it was shown from the start."""
    said = {name: row[name] for name in _NAMES}
    for name in ("published_at", "changed_at"):
        said[name] = said[name] or said["created_at"]
    return Life(**{**said, "state": State(said["state"])})


def columns_of(life: Life) -> Mapping[str, Any]:
    """The inverse."""
    return {**asdict(life), "state": life.state.value}
