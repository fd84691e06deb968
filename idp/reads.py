"""Joined hot reads: who is signed in in a browser and what they agreed to, in one statement.

OpenID Connect Core section 3.1.2.3; section 8 (pairwise subjects); Back-Channel Logout section
2.1 (``sid``, one for each session and agency).
"""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, select

from clients.model import Client
from clients.rows import SUBJECT
from clients.subjects import SqlSubjects
from consent.model import Record
from consent.rows import RECORD, RECORD_IS_GIVEN, unworded
from idp.accounts.person import personal_number
from idp.accounts.sql import Accounts
from idp.sessions.lives import acr_now
from idp.sessions.rows import LIVE, SESSION
from idp.sessions.seen import Seen
from idp.sessions.sid import sid
from keys.secrets import digest
from oidc.authorize.choice import those
from oidc.standing import Session, Standing, Whom
from store.database import Database, Found

MOST = 20  # people in one browser: whoever signed in before them is not offered
_OF_SESSION = ("session_id", "account_id", "auth_time", "acr", "amr", "seen_at", "ends_at")
_OF_RECORD = ("record_id", "purpose_version", "asked", "allowed", "given_at", "expires_at")
_STANDING = (
    select(
        *(SESSION.c[name] for name in _OF_SESSION),
        SUBJECT.c.subject,
        *(RECORD.c[name] for name in _OF_RECORD),
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
    .limit(MOST)
)
_NOBODY = Standing(None, None)


class SqlPeople:
    """``oidc.ports.People``."""

    def __init__(
        self, database: Database, subjects: SqlSubjects, accounts: Accounts, sid_key: bytes
    ) -> None:
        self._database = database
        self._subjects = subjects
        self._accounts = accounts
        self._sid_key = sid_key
        self._standing = database.prepare(_STANDING)
        self._seen = Seen(database)

    async def standing(self, browser: str | None, client: Client, whom: Whom, now: int) -> Standing:
        """Whoever is meant of those signed in in the browser, and the record for this client."""
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
        here = [self._session(row, client, now) for row in rows]
        meant = those(whom, here)
        known = meant.sessions
        if len(known) > 1 and whom.login_hint:
            known = await self._hinted(whom.login_hint, known) or known
        if len(known) != 1:
            return Standing(None, None, several=len(known) > 1)
        [session] = known
        record = await self._agreed(session, rows[here.index(session)], client, now)
        as_is = meant.chosen and whom.as_is
        return Standing(session, record, chosen=meant.chosen, as_is=as_is)

    async def _hinted(self, login_hint: str, here: Sequence[Session]) -> Sequence[Session]:
        """It may name a personal number; who is not signed in here is nobody."""
        number = personal_number(login_hint)
        account = await self._accounts.find_by_number(number) if number else None
        return [it for it in here if account and it.account_id == account.account_id]

    async def _agreed(
        self, session: Session, row: Found, client: Client, now: int
    ) -> Record | None:
        await self._seen(session.session_id, row["seen_at"], now)
        record_id, version, asked, allowed, given_at, expires_at = tuple(row)[-len(_OF_RECORD) :]
        if record_id is None or client.purpose_id is None:
            return None
        return Record(
            record_id=record_id,
            account_id=session.account_id,
            client_id=client.client_id,
            purpose_id=client.purpose_id,
            purpose_version=version,
            asked=unworded(asked),
            allowed=unworded(allowed),
            given_at=given_at,
            expires_at=expires_at,
        )

    async def subject(self, account_id: str, client: Client, now: int) -> str:
        """Pairwise, at the client's agency; made if there is none."""
        return await self._subjects.ensure(account_id, client.agency_id, now)

    def _session(self, row: Found, client: Client, now: int) -> Session:
        session_id, account_id, auth_time, acr, amr, seen_at, ends_at, subject, *_ = row
        return Session(
            session_id=session_id,
            account_id=account_id,
            subject=subject,
            sid=sid(self._sid_key, session_id, client.agency_id),
            auth_time=auth_time,
            acr=acr_now(acr, auth_time=auth_time, seen_at=seen_at, now=now),
            amr=tuple(amr.split()),
            ends_at=ends_at,
        )
