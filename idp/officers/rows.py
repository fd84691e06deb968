"""The tables of officers: themselves, the links by which the first come, their passkeys.

Nothing in them tells who somebody is outside this house. Of the first links each has a place, and
so has each officer who came by one: a unique key lets one come by each, whoever races.
"""

from sqlalchemy import (
    CheckConstraint,
    bindparam,
    delete,
    exists,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Field

from idp.authentication.passkeys.credential import CredentialColumns, use
from store.cleanup import Rubbish
from store.schema import Row, micros, table

SECURITY_OFFICER = "security officer"
FIRST = (1, 2)
"""The places of those who come by ``motcua officers init``."""


class OfficerRow(Row, table=True):
    """``name`` is chosen by the officer, ``handle`` is random: their name among authenticators."""

    __tablename__ = "officer"
    __table_args__ = (CheckConstraint(f"role IN ('{SECURITY_OFFICER}')", name="ck_officer_role"),)

    officer_id: str = Field(primary_key=True)
    place: int | None = Field(default=None, unique=True)
    role: str
    name: str
    handle: str = Field(unique=True)
    created_at: int = micros()


class OfficerLinkRow(Row, table=True):
    """One that may still be taken. Taking deletes it."""

    __tablename__ = "officer_link"

    place: int = Field(primary_key=True)
    link_digest: str = Field(unique=True)
    ends_at: int = micros(index=True)


class OfficerPasskeyRow(Row, CredentialColumns, table=True):
    __tablename__ = "officer_passkey"

    officer_id: str = Field(foreign_key="officer.officer_id", index=True)


_OFFICER, _LINK = table(OfficerRow), table(OfficerLinkRow)
_PASSKEY = table(OfficerPasskeyRow)

EVERYBODY = select(_OFFICER).order_by(_OFFICER.c.created_at, _OFFICER.c.place)
INSERT = insert(_OFFICER)

_OPEN = (_LINK.c.link_digest == bindparam("link_digest")) & (_LINK.c.ends_at > bindparam("now"))
_INVITE = upsert(_LINK).from_select(
    [column.name for column in _LINK.c],
    select(*(bindparam(column.name, type_=column.type) for column in _LINK.c)).where(
        ~exists().where(_OFFICER.c.place == bindparam("place"))
    ),
)
INVITE = _INVITE.on_conflict_do_update(
    index_elements=[_LINK.c.place],
    set_={name: _INVITE.excluded[name] for name in ("link_digest", "ends_at")},
)
"""Where nobody came yet. The link that was at this place before works no longer."""

_CAME = exists().where(_OFFICER.c.place == _LINK.c.place)
FIND_LINK = select(_LINK.c.place).where(_OPEN, ~_CAME)
TAKE = delete(_LINK).where(_OPEN, _LINK.c.place == bindparam("the_place"))

INSERT_PASSKEY = insert(_PASSKEY)
OF_OFFICER = select(_PASSKEY).where(_PASSKEY.c.officer_id == bindparam("officer_id"))
BY_CREDENTIAL = (
    select(*_PASSKEY.c, _OFFICER.c.handle)
    .select_from(_PASSKEY.join(_OFFICER, _OFFICER.c.officer_id == _PASSKEY.c.officer_id))
    .where(_PASSKEY.c.credential_id == bindparam("credential_id"))
)
USED = use(_PASSKEY)

RUBBISH = Rubbish(_LINK, "ends_at", 0)
