"""The tables of invitations and of what manages a registration, and the statements over them.

Tokens are kept as digests. An invitation is used in one conditional statement, in the commit of
the client it was used for: so no two who race share its last one.
"""

from sqlalchemy import BigInteger, bindparam, case, exists, insert, or_, select, update
from sqlmodel import Field

from clients.rows import CLIENT
from store.cleanup import Rubbish
from store.micros import HOUR
from store.schema import Row, micros, table


class InviteRow(Row, table=True):
    """``remaining``: how many more may register, ``rate`` of them in an hour."""

    __tablename__ = "invite"

    invite_id: str = Field(primary_key=True)
    token_digest: str = Field(unique=True)
    agency_id: str | None = Field(default=None, foreign_key="agency.agency_id")
    purpose_id: str | None = None
    remaining: int
    rate: int
    hour_at: int = micros()
    hour_used: int
    created_at: int = micros()
    ends_at: int = micros(index=True)


class RegistrationRow(Row, table=True):
    """What a client that registered itself manages its registration with."""

    __tablename__ = "registration"

    client_id: str = Field(primary_key=True, foreign_key="client.client_id")
    token_digest: str
    invite_id: str = Field(foreign_key="invite.invite_id", index=True)
    created_at: int = micros()


INVITE, REGISTRATION = table(InviteRow), table(RegistrationRow)

_NOW = bindparam("now", type_=BigInteger)
_ANEW = INVITE.c.hour_at + HOUR <= _NOW

INSERT_INVITE, INSERT_REGISTRATION = insert(INVITE), insert(REGISTRATION)
INVITED = select(INVITE).where(INVITE.c.token_digest == bindparam("the_digest"))
SET_RATE = (
    update(INVITE)
    .where(INVITE.c.invite_id == bindparam("the_invite"))
    .values(rate=bindparam("the_rate"))
)
TAKE = (
    update(INVITE)
    .where(
        INVITE.c.invite_id == bindparam("the_invite"),
        INVITE.c.remaining > 0,
        INVITE.c.ends_at > _NOW,
        or_(_ANEW, INVITE.c.hour_used < INVITE.c.rate),
    )
    .values(
        remaining=INVITE.c.remaining - 1,
        hour_used=case((_ANEW, 1), else_=INVITE.c.hour_used + 1),
        hour_at=case((_ANEW, _NOW), else_=INVITE.c.hour_at),
    )
)
MANAGED = (
    select(REGISTRATION.c.token_digest)
    .join(CLIENT, CLIENT.c.client_id == REGISTRATION.c.client_id)
    .where(REGISTRATION.c.client_id == bindparam("the_client"), CLIENT.c.disabled_at.is_(None))
)

_CAME = exists().where(REGISTRATION.c.invite_id == INVITE.c.invite_id)
RUBBISH = Rubbish(INVITE, "ends_at", 0, still_needed=_CAME)
"""Over, and nobody came by it: else it says, for good, by whose word a client is here."""
