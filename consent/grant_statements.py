"""What is said to the tables about grants. All conditions on others are part of the statement."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore
from sqlalchemy.sql.dml import Insert

from consent.model import Family, Grant
from consent.rows import (
    FAMILY,
    GRANT,
    PURPOSE,
    RECORD,
    RECORD_IS_GIVEN,
    unworded,
    words,
)
from ledger.event import EventRow
from store.schema import table

_GRANT = tuple(field.name for field in fields(Grant))
_AS_IT_IS = tuple(name for name in _GRANT if name not in {"scope", "claims"})
_as_it_is = attrgetter(*_AS_IT_IS)

NO_RECORD = bindparam("record_id", type_=GRANT.c.record_id.type).is_(None)
THIS_RECORD_IS_GIVEN = exists(
    select(literal(1)).where(RECORD.c.record_id == bindparam("record_id"), RECORD_IS_GIVEN)
)
GRANT_IS_LIVE = GRANT.c.ended_at.is_(None) & or_(
    GRANT.c.ends_at.is_(None), GRANT.c.ends_at > bindparam("now")
)

FIND = select(GRANT.c.grant_id).where(GRANT.c.code_digest == bindparam("code_digest"))
GRANT_COLUMNS = tuple(GRANT.c[name] for name in _GRANT)
"""What ``grant_of`` reads."""
END = (
    update(GRANT)
    .where(GRANT.c.grant_id == bindparam("the_grant"), GRANT.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
END_OF_CLIENT = END.where(GRANT.c.client_id == bindparam("the_client"))
END_OF_ALL = (
    update(GRANT)
    .where(GRANT.c.client_id == bindparam("the_client"), GRANT.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
END_OF_SESSION = (  # what may be used when nobody is there goes on
    update(GRANT)
    .where(
        GRANT.c.session_id == bindparam("the_session"),
        GRANT.c.ended_at.is_(None),
        ~exists().where(FAMILY.c.grant_id == GRANT.c.grant_id),
    )
    .values(ended_at=bindparam("now"))
)
END_OFFLINE_OF_CLIENT = END_OF_ALL.where(exists().where(FAMILY.c.grant_id == GRANT.c.grant_id))
INSERT_FAMILY = insert(FAMILY)
STAND = insert_or_ignore(GRANT).on_conflict_do_nothing()

_EVENT = table(EventRow)
_STILL_HOLDS = (
    select(*(bindparam(column.name, type_=column.type) for column in _EVENT.c))
    .select_from(GRANT.outerjoin(RECORD, RECORD.c.record_id == GRANT.c.record_id))
    .where(
        GRANT.c.grant_id == bindparam("the_grant"),
        GRANT_IS_LIVE,
        GRANT.c.record_id.is_not_distinct_from(bindparam("the_record")),
        or_(GRANT.c.record_id.is_(None), RECORD_IS_GIVEN),
        exists(literal(1)).where(
            PURPOSE.c.purpose_id == bindparam("the_purpose"),
            PURPOSE.c.version == bindparam("the_version"),
        ),
    )
)
RELEASE = insert(_EVENT).from_select([column.name for column in _EVENT.c], _STILL_HOLDS)
"""The event of a release, while its grant, record and purpose hold."""


def insert_while(session_is_live: ColumnElement[bool]) -> Insert:
    """Insert a grant only if, at that very moment, its session and its record are live."""
    values = (bindparam(column.name, type_=column.type) for column in GRANT.c)
    return insert(GRANT).from_select(
        [column.name for column in GRANT.c],
        select(*values).where(or_(NO_RECORD, THIS_RECORD_IS_GIVEN), session_is_live),
    )


def grant_row(grant: Grant, *, ends_at: int | None, now: int) -> dict[str, Any]:
    """Its columns."""
    return {
        **dict(zip(_AS_IT_IS, _as_it_is(grant), strict=True)),
        "scope": words(grant.scope),
        "claims": words(grant.claims),
        "created_at": now,
        "ends_at": ends_at,
        "ended_at": None,
    }


def family_row(family: Family, grant: Grant, *, ends_at: int, now: int) -> dict[str, Any]:
    """The columns of a new one."""
    return {
        **asdict(family),
        "amr": " ".join(family.amr),
        "grant_id": grant.grant_id,
        "used_at": now,
        "ends_at": ends_at,
    }


def grant_of(values: Sequence[Any]) -> Grant:
    """The grant in the values of ``GRANT_COLUMNS``, of which the sets come last."""
    *as_it_is, scope, claims = values
    said = [*as_it_is, unworded(scope), unworded(claims)]
    return Grant(*said)
