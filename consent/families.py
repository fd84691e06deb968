"""Families of refresh tokens: found with what they rest on, and used, each use in one commit.

RFC 6749 section 6; RFC 9700 section 4.14.2. Of the tokens of a family one is good; which, says a
number that grows only from the very number that was looked at. So however many come at once, one
turns it.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import bindparam, exists, literal, or_, select, update

from consent.grant_statements import (
    END_OFFLINE_OF_CLIENT,
    GRANT_COLUMNS,
    GRANT_IS_LIVE,
    grant_of,
)
from consent.issued import issued
from consent.model import Family, LiveFamily
from consent.ports import Then
from consent.rows import FAMILY, GRANT, RECORD, RECORD_IS_GIVEN, unworded
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import RefreshTokensRevoked
from store.database import Database, Found, Unchanged, Write
from store.micros import DAY

IDLE = 30 * DAY  # unused for so long, a family is over

_GRANT_AND_RECORD = GRANT.outerjoin(RECORD, RECORD.c.record_id == GRANT.c.record_id)
_HOLDS = (GRANT_IS_LIVE, or_(GRANT.c.record_id.is_(None), RECORD_IS_GIVEN))
FIND = (
    select(
        *GRANT_COLUMNS,
        RECORD.c.allowed,
        *(FAMILY.c[field.name] for field in fields(Family)),
        FAMILY.c.used_at,
        FAMILY.c.ends_at,
    )
    .select_from(_GRANT_AND_RECORD.join(FAMILY, FAMILY.c.grant_id == GRANT.c.grant_id))
    .where(
        FAMILY.c.family_digest == bindparam("the_family"),
        FAMILY.c.used_at > bindparam("idle_since"),
        *_HOLDS,
    )
)
_STILL_HOLDS = exists(
    select(literal(1))
    .select_from(_GRANT_AND_RECORD)
    .where(
        GRANT.c.grant_id == FAMILY.c.grant_id,
        GRANT.c.record_id.is_not_distinct_from(bindparam("the_record")),
        *_HOLDS,
    )
    .correlate(FAMILY)
)
USE = (
    update(FAMILY)
    .where(
        FAMILY.c.family_digest == bindparam("the_family"),
        FAMILY.c.generation == bindparam("seen"),
        _STILL_HOLDS,
    )
    .values(
        generation=bindparam("newest"),
        turned_at=bindparam("turned"),
        used_at=bindparam("now"),
    )
)


class SqlFamilies:
    """``Families``, as the engine asks for them."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._find = database.prepare(FIND)
        self._use = database.prepare(USE)
        self._end = database.prepare(END_OFFLINE_OF_CLIENT)

    async def find(self, family_digest: str, now: int) -> LiveFamily | None:
        """The family, if neither it nor its grant nor its record has ended: one read."""
        values = {"the_family": family_digest, "idle_since": now - IDLE, "now": now}
        rows = await self._database.read(self._find, **values)
        return _live(rows[0]) if rows else None

    async def use(
        self, live: LiveFamily, newest: int, *, jti: str, now: int, then: Then = None
    ) -> bool:
        """Its newest token is ``newest`` from now on, and an access token is issued.

        False: in the meantime another was used, or something has ended.
        """
        family = live.family
        values: dict[str, Any] = {
            "the_family": family.family_digest,
            "the_record": live.grant.record_id,
            "seen": family.generation,
            "newest": newest,
            "turned": family.turned_at if newest == family.generation else now,
            "now": now,
        }
        event = self._ledger.insert(issued(live.grant, jti, "refresh_token"), now)
        try:
            used = Write(self._use, values, must_change=True)
            await self._database.commit(used, event, meanwhile=then)
        except Unchanged:
            return False
        return True

    def end_of_client(self, client_id: str, kid: str, now: int) -> Sequence[Write]:
        """What joins the commit by which the key ``kid`` is given up."""
        event = RefreshTokensRevoked(event_id=new_id(now), client_id=client_id, kid=kid)
        ended = Write(self._end, {"the_client": client_id, "now": now})
        return (ended, self._ledger.insert(event, now))


def _live(row: Found) -> LiveFamily:
    """By its places, in the order of the columns of ``FIND``."""
    values = tuple(row)
    allowed, family_digest, auth_time, acr, amr, sid, generation, turned_at, used_at, ends_at = (
        values[len(GRANT_COLUMNS) :]
    )
    return LiveFamily(
        family=Family(
            family_digest, auth_time, acr, tuple(amr.split()), sid, generation, turned_at
        ),
        grant=grant_of(values[: len(GRANT_COLUMNS)]),
        allowed=unworded(allowed or ""),
        ends_at=min(used_at + IDLE, ends_at),
    )
