"""What is said to the tables when a person decides or changes their mind.

Whatever must not be missed by a race is part of the statement itself: that the session lives,
that the purpose is still the one that was shown, that one record is live.
"""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore
from sqlalchemy.sql.dml import Insert

from consent.model import Decision, Record
from consent.rows import GRANT, NOTICE, PURPOSE, RECORD, RECORD_IS_GIVEN, unworded, words
from keys.secrets import digest
from ledger.event import EventRow
from store.database import Found
from store.schema import table

_EVENT = table(EventRow)
_OF_THIS = (
    RECORD.c.account_id == bindparam("account_id"),
    RECORD.c.client_id == bindparam("client_id"),
    RECORD.c.purpose_id == bindparam("purpose_id"),
)

KEEP_NOTICE = insert_or_ignore(NOTICE).on_conflict_do_nothing()
SUPERSEDE = (
    update(RECORD)
    .where(*_OF_THIS, RECORD.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), ended_as="superseded")
)
MOVE_GRANTS = (  # those of withdrawn records have ended with them; what expired stays so
    update(GRANT)
    .where(
        GRANT.c.ended_at.is_(None),
        GRANT.c.record_id.in_(
            select(RECORD.c.record_id).where(*_OF_THIS, RECORD.c.expires_at > bindparam("now"))
        ),
    )
    .values(record_id=bindparam("successor"))
)
WITHDRAW = (
    update(RECORD)
    .where(
        RECORD.c.record_id == bindparam("the_record"),
        RECORD.c.account_id == bindparam("the_account"),
        RECORD.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"), ended_as="withdrawn")
)
END_GRANTS = (
    update(GRANT)
    .where(GRANT.c.record_id == bindparam("the_record"), GRANT.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
LIVE = (
    select(RECORD)
    .where(RECORD.c.account_id == bindparam("account_id"), RECORD_IS_GIVEN)
    .order_by(RECORD.c.given_at.desc(), RECORD.c.record_id)
)
ANSWERED = (
    select(RECORD)
    .select_from(_EVENT.outerjoin(RECORD, RECORD.c.interaction_digest == _EVENT.c.event_id))
    .where(_EVENT.c.event_id == bindparam("interaction_digest"))
)
"""No row: not answered yet. A row of nothing: refused."""


def insert_record(session_is_live: ColumnElement[bool]) -> Insert:
    """Insert a record while the session lives and the purpose is the one that was shown."""
    unchanged = exists(literal(1)).where(
        PURPOSE.c.purpose_id == bindparam("purpose_id"),
        PURPOSE.c.version == bindparam("purpose_version"),
    )
    values = (bindparam(column.name, type_=column.type) for column in RECORD.c)
    return insert(RECORD).from_select(
        [column.name for column in RECORD.c],
        select(*values).where(unchanged, session_is_live),
    )


def record_values(decision: Decision, record_id: str, now: int) -> dict[str, Any]:
    """The columns of the record that this decision makes, and ``session_id`` and ``now``."""
    return {
        "record_id": record_id,
        "interaction_digest": digest(decision.interaction_id),
        "account_id": decision.account_id,
        "client_id": decision.client_id,
        "purpose_id": decision.purpose.purpose_id,
        "purpose_version": decision.purpose.version,
        "asked": words(decision.asked),
        "allowed": words(decision.allowed & decision.asked),
        "notice_sha256": decision.notice.sha256,
        "acr": decision.acr,
        "given_at": now,
        "expires_at": now + decision.purpose.max_duration,
        "ended_at": None,
        "ended_as": None,
        "session_id": decision.session_id,
        "now": now,
    }


def record_of(row: Found) -> Record:
    """A record from the columns of its table."""
    return Record(
        record_id=row["record_id"],
        account_id=row["account_id"],
        client_id=row["client_id"],
        purpose_id=row["purpose_id"],
        purpose_version=row["purpose_version"],
        asked=unworded(row["asked"]),
        allowed=unworded(row["allowed"]),
        given_at=row["given_at"],
        expires_at=row["expires_at"],
    )
