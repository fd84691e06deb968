"""What is said to the tables about single tokens: given back, and good or not.

RFC 7009 section 2; RFC 7662 section 2.2.
"""

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, literal, or_, select

from consent.grant_statements import GRANT_IS_LIVE
from consent.rows import FAMILY, GRANT, RECORD, RECORD_IS_GIVEN, REVOKED_TOKEN
from ledger.event import EventRow
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
