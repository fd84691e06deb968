"""What is kept of every passkey, a citizen's or an officer's: each in a table of its own.

WebAuthn Level 3 section 4 (credential record). Octets that browsers name in base64url are kept so.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import BigInteger, Table, Update, bindparam, or_, update
from sqlmodel import Field, SQLModel
from webauthn.registration.verify_registration_response import VerifiedRegistration

from idp.authentication.passkeys.answer import Answer, written
from keys.secrets import new_id
from store.database import Prepared, Write
from store.schema import micros

_COUNT = bindparam("count", type_=BigInteger)


class CredentialColumns(SQLModel):
    """``syncable`` never changes (BE), ``synced`` may (BS)."""

    passkey_id: str = Field(primary_key=True)
    credential_id: str = Field(unique=True)
    public_key: bytes
    sign_count: int = Field(sa_type=BigInteger)
    syncable: int
    synced: int
    transports: str
    created_at: int = micros()
    used_at: int | None = micros(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One that is registered. Times in microseconds."""

    passkey_id: str
    credential_id: str
    public_key: bytes
    sign_count: int
    syncable: int
    synced: int
    transports: str
    created_at: int
    used_at: int | None = None

    @classmethod
    def of(cls, answer: Answer, verified: VerifiedRegistration, now: int) -> Self:
        return cls(
            passkey_id=new_id(now),
            credential_id=written(verified.credential_id),
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            syncable=int(verified.credential_device_type == "multi_device"),
            synced=int(verified.credential_backed_up),
            transports=answer.transports(),
            created_at=now,
        )


def use(passkey: Table) -> Update:
    """Changes nothing when another sign-in was first, with the same count or a greater one."""
    count = passkey.c.sign_count
    return (
        update(passkey)
        .where(
            passkey.c.passkey_id == bindparam("the_passkey"),
            or_(count < _COUNT, (count == 0) & (_COUNT == 0)),
        )
        .values(sign_count=_COUNT, synced=bindparam("now_synced"), used_at=bindparam("now"))
    )


def used(statement: Prepared, passkey: Credential, count: int, synced: bool, now: int) -> Write:
    """Must change, for the commit that starts the session: of two equal counts one wins."""
    values = {"the_passkey": passkey.passkey_id, "count": count, "now_synced": int(synced)}
    return Write(statement, {**values, "now": now}, must_change=True)
