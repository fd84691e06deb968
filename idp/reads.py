"""Joined hot reads: who is signed in in a browser and what they agreed to, in one statement.

OpenID Connect Core section 3.1.2.3; section 8 (pairwise subjects); Back-Channel Logout section
2.1 (``sid``, one for each session and agency).
"""

from contextlib import suppress

from sqlalchemy import and_, bindparam, select

from clients.model import Client
from clients.rows import SUBJECT
from clients.subjects import SqlSubjects
from consent.rows import RECORD, RECORD_IS_GIVEN
from consent.statements import record_of
from idp.sessions.rows import LIVE, SEEN_EVERY, SESSION, TOUCH
from keys.secrets import digest, keyed
from oidc.ports import Session, Standing
from store.database import Database, Found, Unavailable, Write

_STANDING = (
    select(
        *(column.label(f"session_{column.name}") for column in SESSION.c),
        SUBJECT.c.subject,
        *RECORD.c,
    )
    .select_from(
        SESSION.outerjoin(
            SUBJECT,
            and_(
                SUBJECT.c.account_id == SESSION.c.account_id,
                SUBJECT.c.agency_id == bindparam("agency_id"),
            ),
        ).outerjoin(
            RECORD,
            and_(
                RECORD.c.account_id == SESSION.c.account_id,
                RECORD.c.client_id == bindparam("client_id"),
                RECORD.c.purpose_id == bindparam("purpose_id"),
                RECORD_IS_GIVEN,
            ),
        )
    )
    .where(SESSION.c.browser_digest == bindparam("browser_digest"), LIVE)
    .order_by(SESSION.c.auth_time.desc(), SESSION.c.session_id.desc())
    .limit(1)
)
_NOBODY = Standing(None, None)


class SqlPeople:
    """``oidc.ports.People``."""

    def __init__(self, database: Database, subjects: SqlSubjects, sid_key: bytes) -> None:
        self._database = database
        self._subjects = subjects
        self._sid_key = sid_key
        self._standing = database.prepare(_STANDING)
        self._touch = database.prepare(TOUCH)

    async def standing(self, browser: str | None, client: Client, now: int) -> Standing:
        """The newest live session of the browser, and the record for this client."""
        if browser is None:
            return _NOBODY
        rows = await self._database.read(
            self._standing,
            browser_digest=digest(browser),
            agency_id=client.agency_id,
            client_id=client.client_id,
            purpose_id=client.purpose_id,
            now=now,
        )
        for row in rows:
            await self._seen(row["session_session_id"], row["session_seen_at"], now)
            record = record_of(row) if row["record_id"] is not None else None
            return Standing(self._session(row, client), record)
        return _NOBODY

    async def subject(self, account_id: str, client: Client, now: int) -> str:
        """Pairwise, at the client's agency; made if there is none."""
        return await self._subjects.ensure(account_id, client.agency_id, now)

    def _session(self, row: Found, client: Client) -> Session:
        session_id = row["session_session_id"]
        return Session(
            session_id=session_id,
            account_id=row["session_account_id"],
            subject=row["subject"],
            sid=keyed(self._sid_key, f"{session_id} {client.agency_id}"),
            auth_time=row["session_auth_time"],
            acr=row["session_acr"],
            amr=tuple(row["session_amr"].split()),
            ends_at=row["session_ends_at"],
        )

    async def _seen(self, session_id: str, seen_at: int, now: int) -> None:
        """Written at most every five minutes. That it cannot be written stops nobody."""
        before = now - SEEN_EVERY
        if seen_at <= before:
            values = {"the_session": session_id, "seen_before": before, "now": now}
            with suppress(Unavailable):
                await self._database.commit(Write(self._touch, values))
