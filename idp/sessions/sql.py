"""Finding and ending sessions. NIST SP 800-63B-4 section 5.1; OpenID Connect RP-Initiated Logout.

A session ends together with the grants that rest on it, in one commit with its event.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from idp.sessions import rows
from keys.secrets import digest, new_id
from ledger.event import Ledger, SignedOut
from store.database import Database, Found, Unchanged, Write

EndGrants = Callable[[str, int], Sequence[Write]]
"""What ends with a session: its id and ``now`` to the writes that join the commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """``amr`` as in RFC 8176. Times in microseconds."""

    session_id: str
    account_id: str
    auth_time: int
    acr: str
    amr: tuple[str, ...]
    label: str
    seen_at: int
    ends_at: int


class Sessions:
    """Rows under the digest of the browser's secret."""

    def __init__(self, database: Database, ledger: Ledger, end_grants: EndGrants) -> None:
        self._database = database
        self._ledger = ledger
        self._end_grants = end_grants
        self._of_browser = database.prepare(rows.OF_BROWSER)
        self._of_account = database.prepare(rows.OF_ACCOUNT)
        self._end = database.prepare(rows.END)

    async def of_browser(self, browser_secret: str | None, now: int) -> Sequence[LiveSession]:
        """Everyone who is signed in in this browser, the newest first."""
        if browser_secret is None:
            return ()
        values = {"browser_digest": digest(browser_secret), "now": now}
        return [_live(row) for row in await self._database.read(self._of_browser, **values)]

    async def current(self, browser_secret: str | None, now: int) -> LiveSession | None:
        """Whoever signed in last in this browser."""
        return next(iter(await self.of_browser(browser_secret, now)), None)

    async def of_account(self, account_id: str, now: int) -> Sequence[LiveSession]:
        """Wherever this person is signed in, the newest first."""
        found = await self._database.read(self._of_account, account_id=account_id, now=now)
        return [_live(row) for row in found]

    async def end_one(self, session_id: str, account_id: str, now: int) -> bool:
        """One of this person's, by its id; false if it had ended or is somebody else's."""

        async def these() -> Sequence[LiveSession]:
            mine = await self.of_account(account_id, now)
            return [it for it in mine if it.session_id == session_id]

        return await self._end_these(these, "ended by the person", now) > 0

    async def end_all(self, account_id: str, now: int) -> int:
        """Wherever this person is signed in. Says how many there were."""
        return await self._end_these(
            lambda: self.of_account(account_id, now), "all ended by the person", now
        )

    async def end(self, browser: str | None, now: int) -> None:
        """``oidc.ports.SignOut``: everyone in this browser."""
        await self._end_these(lambda: self.of_browser(browser, now), "signed out", now)

    async def _end_these(
        self, these: Callable[[], Awaitable[Sequence[LiveSession]]], reason: str, now: int
    ) -> int:
        """All of them in one commit; if one ended meanwhile, look again."""
        while sessions := await these():
            writes = [write for it in sessions for write in self._ending(it, reason, now)]
            try:
                await self._database.commit(*writes)
            except Unchanged:
                continue
            return len(sessions)
        return 0

    def _ending(self, session: LiveSession, reason: str, now: int) -> Sequence[Write]:
        event = SignedOut(
            event_id=new_id(now),
            session_id=session.session_id,
            account_id=session.account_id,
            reason=reason,
        )
        end = Write(self._end, {"the_session": session.session_id, "now": now}, must_change=True)
        return (
            end,
            *self._end_grants(session.session_id, now),
            self._ledger.insert(event, now),
        )


def _live(row: Found) -> LiveSession:
    names = LiveSession.__dataclass_fields__
    return LiveSession(**{**{name: row[name] for name in names}, "amr": tuple(row["amr"].split())})
