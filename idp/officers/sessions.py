"""Officers' sessions: short, of one browser, and nothing to do with citizens'.

NIST SP 800-63B-4 section 5.1. Twelve hours, and fifteen minutes in which nothing was done, are as
at its level 3 (section 2.3.3), which is not claimed: a passkey may be synced (N-13). The secret in
the cookie is new at each proof; the table holds its digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field

from idp.officers.rows import OfficerRow
from idp.sessions.fresh import FRESH
from keys.secrets import digest, new_id, new_secret
from ledger.event import Ledger
from ledger.kinds import OfficerSignedIn, OfficerSignedOut
from store.cleanup import Rubbish
from store.database import Database, Unchanged, Write
from store.micros import DAY, HOUR, MINUTE
from store.schema import Row, micros, table

LIFE = 12 * HOUR
IDLE = 15 * MINUTE
SEEN_EVERY = MINUTE
KEPT = 90 * DAY  # after the end: what was done in it is still told apart


class OfficerSessionRow(Row, table=True):
    __tablename__ = "officer_session"

    session_id: str = Field(primary_key=True)
    secret_digest: str = Field(unique=True)
    officer_id: str = Field(foreign_key="officer.officer_id", index=True)
    auth_time: int = micros()
    seen_at: int = micros()
    ends_at: int = micros(index=True)
    ended_at: int | None = micros(default=None)


_SESSION, _OFFICER = table(OfficerSessionRow), table(OfficerRow)
_LIVE = (
    _SESSION.c.ended_at.is_(None)
    & (_SESSION.c.ends_at > bindparam("now"))
    & (_SESSION.c.seen_at > bindparam("idle_before"))
)
_THIS = _SESSION.c.session_id == bindparam("the_session")
_FIND = (
    select(_SESSION, _OFFICER.c.name)
    .select_from(_SESSION.join(_OFFICER, _OFFICER.c.officer_id == _SESSION.c.officer_id))
    .where(_SESSION.c.secret_digest == bindparam("secret_digest"), _LIVE)
)
_RENEW = (
    update(_SESSION)
    .where(_THIS, _LIVE)
    .values(
        secret_digest=bindparam("new_digest"), auth_time=bindparam("now"), seen_at=bindparam("now")
    )
)
_TOUCH = update(_SESSION).where(_THIS, _LIVE).values(seen_at=bindparam("now"))
_END = update(_SESSION).where(_THIS, _LIVE).values(ended_at=bindparam("now"))

RUBBISH = Rubbish(_SESSION, "ends_at", KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSession:
    """Whose it is, by which ``name``; ``auth_time``: when they last proved it."""

    session_id: str
    officer_id: str
    name: str
    auth_time: int
    seen_at: int

    def is_fresh(self, now: int) -> bool:
        """Whether its officer may change something now."""
        return now - self.auth_time <= FRESH


class OfficerSessions:
    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._find = database.prepare(_FIND)
        self._insert = database.prepare(insert(_SESSION))
        self._renew = database.prepare(_RENEW)
        self._touch = database.prepare(_TOUCH)
        self._end = database.prepare(_END)

    async def current(self, secret: str | None, now: int) -> OfficerSession | None:
        """Whoever is signed in in this browser, and is here just now."""
        if secret is None:
            return None
        values = {"secret_digest": digest(secret), **_alive(now)}
        for row in await self._database.read(self._find, **values):
            names = OfficerSession.__dataclass_fields__
            session = OfficerSession(**{name: row[name] for name in names})
            if now - session.seen_at >= SEEN_EVERY:
                here = {"the_session": session.session_id, **_alive(now)}
                await self._database.commit(Write(self._touch, here))
            return session
        return None

    def started(self, officer_id: str, now: int) -> tuple[str, Sequence[Write]]:
        """A new one: the cookie's secret, and the writes for the commit of who proved it."""
        session_id, secret = new_id(now), new_secret()
        row = OfficerSessionRow(
            session_id=session_id,
            secret_digest=digest(secret),
            officer_id=officer_id,
            auth_time=now,
            seen_at=now,
            ends_at=now + LIFE,
        )
        insertion = Write(self._insert, row.model_dump())
        return secret, (insertion, self._told(officer_id, session_id, now))

    def renewed(self, session: OfficerSession, now: int) -> tuple[str, Sequence[Write]]:
        """The same, proven anew; it ends when it would have. ``Unchanged`` if it has."""
        secret = new_secret()
        values = {"the_session": session.session_id, "new_digest": digest(secret), **_alive(now)}
        renewal = Write(self._renew, values, must_change=True)
        return secret, (renewal, self._told(session.officer_id, session.session_id, now))

    def still_live(self, session: OfficerSession, now: int) -> Write:
        """For a commit that rests on this session: ``Unchanged`` if it has ended."""
        values = {"the_session": session.session_id, **_alive(now)}
        return Write(self._touch, values, must_change=True)

    async def end(self, session: OfficerSession, now: int) -> None:
        officer_id, session_id = session.officer_id, session.session_id
        values = {"the_session": session_id, **_alive(now)}
        event = OfficerSignedOut(event_id=new_id(now), officer_id=officer_id, session_id=session_id)
        ending = Write(self._end, values, must_change=True)
        try:
            await self._database.commit(ending, self._ledger.insert(event, now))
        except Unchanged:  # it has ended by itself
            return

    def _told(self, officer_id: str, session_id: str, now: int) -> Write:
        event = OfficerSignedIn(event_id=new_id(now), officer_id=officer_id, session_id=session_id)
        return self._ledger.insert(event, now)


def _alive(now: int) -> dict[str, int]:
    return {"now": now, "idle_before": now - IDLE}
