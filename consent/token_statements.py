"""What is said to the tables about single tokens: given back, good or not, and what for.

RFC 7009 section 2; RFC 7662 section 2.2; OpenID Connect Core section 5.3.
"""

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, insert, literal, or_, select

from consent.grant_statements import GRANT_IS_LIVE
from consent.policy import LiveGrant
from consent.rows import FAMILY, GRANT, RECORD, RECORD_IS_GIVEN, REVOKED_TOKEN, unworded
from ledger.event import EventRow
from store.database import Found
from store.schema import table

_GIVEN_BACK = (
    REVOKED_TOKEN.c.jti == bindparam("jti"),
    REVOKED_TOKEN.c.ends_at > bindparam("now"),
)
REVOKE = insert(REVOKED_TOKEN)
_EVENT = table(EventRow)
ISSUE = select(
    _EVENT.c.at,
    _EVENT.c.body,
    GRANT.c.client_id,
    GRANT.c.subject,
    GRANT.c.account_id,
    GRANT.c.scope,
).where(_EVENT.c.event_id == bindparam("jti"), GRANT.c.grant_id == bindparam("the_grant"))
_LIVE = tuple(field.name for field in fields(LiveGrant) if field.name in GRANT.c)
REVOKED = select(REVOKED_TOKEN.c.jti).where(*_GIVEN_BACK)


def stands_while(session_lives: ColumnElement[bool]) -> Select[int]:
    """Whether a token of a grant is good: what it rests on lives, and it was not given back.

    A grant with refresh tokens does not rest on its session, nor does a client's own.
    """
    alone = GRANT.c.session_id.is_(None) | exists().where(FAMILY.c.grant_id == GRANT.c.grant_id)
    return (
        select(literal(1))
        .select_from(GRANT.outerjoin(RECORD, RECORD.c.record_id == GRANT.c.record_id))
        .where(
            GRANT.c.grant_id == bindparam("the_grant"),
            GRANT_IS_LIVE,
            or_(GRANT.c.record_id.is_(None), RECORD_IS_GIVEN),
            or_(alone, session_lives),
            ~exists().where(*_GIVEN_BACK),
        )
    )


def live_with(contact: ColumnElement[bytes]) -> Select[Any]:
    """What ``live_of`` reads: a grant while it lives and its record is given."""
    of_its_purpose = RECORD.c.purpose_id == GRANT.c.purpose_id
    return (
        select(
            *(GRANT.c[name] for name in _LIVE),
            case((of_its_purpose, RECORD.c.allowed)),
            contact,
        )
        .select_from(GRANT.outerjoin(RECORD, RECORD.c.record_id == GRANT.c.record_id))
        .where(
            GRANT.c.grant_id == bindparam("the_grant"),
            GRANT_IS_LIVE,
            or_(GRANT.c.record_id.is_(None), RECORD_IS_GIVEN),
        )
    )


def live_of(row: Found) -> LiveGrant:
    """By its places: to look a column up by name costs more than to read it."""
    grant_id, client_id, subject, account, record, purpose, scope, claims, allowed, contact = row
    return LiveGrant(
        grant_id,
        client_id,
        subject,
        account,
        record,
        purpose,
        unworded(scope),
        unworded(claims),
        unworded(allowed or ""),
        contact,
    )
