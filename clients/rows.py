"""The tables of agencies, clients, their logos and subjects, and the statements over them.

A row is an envelope; ``Agency`` and ``Client`` are the only descriptions inside.
"""

from sqlalchemy import UniqueConstraint, bindparam, insert, select, update
from sqlmodel import Field

from store.schema import Row, micros, table


class AgencyRow(Row, table=True):
    __tablename__ = "agency"

    agency_id: str = Field(primary_key=True)
    metadata_json: str
    created_at: int = micros()
    changed_at: int = micros()


class ClientRow(Row, table=True):
    __tablename__ = "client"

    client_id: str = Field(primary_key=True)
    agency_id: str = Field(foreign_key="agency.agency_id", index=True)
    metadata_json: str
    created_at: int = micros()
    changed_at: int = micros()
    disabled_at: int | None = micros(default=None)


class SubjectRow(Row, table=True):
    """Made once and never changed: the names by which an agency knows people."""

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("account_id", "agency_id", name="uq_subject_account_id"),)

    subject: str = Field(primary_key=True)
    account_id: str
    agency_id: str
    created_at: int = micros()


class LogoRow(Row, table=True):
    """``logo``: the picture's name, made of its content."""

    __tablename__ = "logo"

    client_id: str = Field(primary_key=True)
    logo: str = Field(index=True)
    body: bytes
    approved_at: int = micros()


AGENCY, CLIENT, SUBJECT = table(AgencyRow), table(ClientRow), table(SubjectRow)
LOGO = table(LogoRow)

_BOTH = (
    select(CLIENT, AGENCY.c.metadata_json.label("agency_json"), LOGO.c.logo)
    .join(AGENCY, AGENCY.c.agency_id == CLIENT.c.agency_id)
    .outerjoin(LOGO, LOGO.c.client_id == CLIENT.c.client_id)
)
FIND = _BOTH.where(CLIENT.c.client_id == bindparam("the_client"))
ALL = _BOTH.order_by(CLIENT.c.client_id)
WHOSE = select(CLIENT.c.client_id, CLIENT.c.agency_id)
WITH_NETWORKS = select(CLIENT.c.client_id, CLIENT.c.metadata_json).where(
    CLIENT.c.disabled_at.is_(None), CLIENT.c.metadata_json.like('%"source_networks":["%')
)
"""Of many clients few have any: the others are not read."""
AGENCY_TEXT = select(AGENCY.c.metadata_json).where(AGENCY.c.agency_id == bindparam("the_agency"))
INSERT_AGENCY, INSERT_CLIENT = insert(AGENCY), insert(CLIENT)
CHANGE_AGENCY = (
    update(AGENCY)
    .where(AGENCY.c.agency_id == bindparam("the_agency"))
    .values(metadata_json=bindparam("new_json"), changed_at=bindparam("now"))
)
CHANGE_CLIENT = (
    update(CLIENT)
    .where(CLIENT.c.client_id == bindparam("the_client"))
    .values(metadata_json=bindparam("new_json"), changed_at=bindparam("now"))
)
DISABLE = (
    update(CLIENT)
    .where(CLIENT.c.client_id == bindparam("the_client"), CLIENT.c.disabled_at.is_(None))
    .values(disabled_at=bindparam("now"))
)
