"""The sessions' table and its statements.

NIST SP 800-63B-4 sections 2.1.3 (thirty days) and 5.1. A browser has one secret; sessions are
rows under its digest, so several people may be signed in in one browser, and who reads the table
can be nobody.
"""

from sqlalchemy import ColumnElement, Index, bindparam, case, exists, insert, select, update
from sqlmodel import Field

from idp.sessions.lives import LOWEST
from store.cleanup import Rubbish
from store.micros import DAY
from store.schema import Row, micros, table

KEPT = 90 * DAY  # after the end: what was done in it is still told apart


class SessionRow(Row, table=True):
    """``amr``: words with spaces between them. ``label``: the kind of browser, no more.

    ``passkey_id``: which one was shown last; unknown of those that began before this was kept.
    """

    __tablename__ = "session"

    session_id: str = Field(primary_key=True)
    browser_digest: str
    account_id: str = Field(foreign_key="account.account_id", index=True)
    auth_time: int = micros()
    acr: str
    amr: str
    label: str
    seen_at: int = micros()
    ends_at: int = micros(index=True)
    ended_at: int | None = micros(default=None)
    passkey_id: str | None = None


SESSION = table(SessionRow)
# Those of one browser, in the order in which people signed in.
Index("ix_session_browser", SESSION.c.browser_digest, SESSION.c.auth_time, SESSION.c.session_id)
LIVE = SESSION.c.ended_at.is_(None) & (SESSION.c.ends_at > bindparam("now"))

SESSION_IS_LIVE = exists().where(SESSION.c.session_id == bindparam("session_id"), LIVE)
"""For the conditions of other packages' writes: names ``session_id`` and ``now``."""


def session_lives(session_id: ColumnElement[str | None]) -> ColumnElement[bool]:
    """The same of the session that a column names."""
    return exists().where(SESSION.c.session_id == session_id, LIVE)


def lives_on(session_id: ColumnElement[str | None]) -> ColumnElement[bool]:
    """For ``store/cleanup.py``: the session of that name has not ended, nor run out ``before``."""
    after = SESSION.c.ends_at > bindparam("before")
    return exists().where(SESSION.c.session_id == session_id, SESSION.c.ended_at.is_(None), after)


_NEWEST_FIRST = (SESSION.c.auth_time.desc(), SESSION.c.session_id.desc())
_THIS = SESSION.c.session_id == bindparam("the_session")

OF_BROWSER = (
    select(SESSION)
    .where(SESSION.c.browser_digest == bindparam("browser_digest"), LIVE)
    .order_by(*_NEWEST_FIRST)
)
OF_ACCOUNT = (
    select(SESSION)
    .where(SESSION.c.account_id == bindparam("account_id"), LIVE)
    .order_by(*_NEWEST_FIRST)
)
INSERT = insert(SESSION)
MOVE = (
    update(SESSION)
    .where(SESSION.c.browser_digest == bindparam("old_digest"), LIVE)
    .values(browser_digest=bindparam("new_digest"))
)
RENEW = (
    update(SESSION)
    .where(_THIS, LIVE)
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("auth_time", "acr", "amr", "label", "seen_at", "ends_at", "passkey_id")
        }
    )
)
TOUCH = (
    update(SESSION)
    .where(_THIS, LIVE, SESSION.c.seen_at <= bindparam("seen_before"))
    .values(
        seen_at=bindparam("now"),
        # what was lost by doing nothing does not come back by doing something
        acr=case((SESSION.c.seen_at <= bindparam("idle_before"), LOWEST), else_=SESSION.c.acr),
    )
)
STILL_LIVE = update(SESSION).where(_THIS, LIVE).values(seen_at=SESSION.c.seen_at)
END = update(SESSION).where(_THIS, LIVE).values(ended_at=bindparam("now"))

RUBBISH = Rubbish(SESSION, "ends_at", KEPT)
