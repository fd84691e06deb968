"""Finding and ending sessions. NIST SP 800-63B-4 section 5.1; OpenID Connect RP-Initiated Logout.

It ends in one commit with the grants that rest on it, its event, and the messages to its services.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from idp.sessions import rows
from idp.sessions.lives import acr_now
from idp.sessions.seen import Seen
from keys.secrets import digest, new_id
from ledger.event import Ledger
from ledger.kinds import SignedOut
from store.database import Database, Found, Unchanged, Write

NONE = ""  # the name of no session
EndsWithIt = Callable[[str, str, int], Sequence[Write]]
"""What ends with a session: its id, whose it is and ``now`` to the writes that join the commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """``acr``: what is left of it. ``amr`` as in RFC 8176. Times in microseconds."""

    session_id: str
    account_id: str
    auth_time: int
    acr: str
    amr: tuple[str, ...]
    label: str
    seen_at: int
    ends_at: int
    passkey_id: str | None = None


class Sessions:
    """Rows under the digest of the browser's secret."""

    def __init__(self, database: Database, ledger: Ledger, ends_with_it: EndsWithIt) -> None:
        self._database = database
        self._ledger = ledger
        self._ends_with_it = ends_with_it
        self._of_browser = database.prepare(rows.OF_BROWSER)
        self._of_account = database.prepare(rows.OF_ACCOUNT)
        self._end = database.prepare(rows.END)
        self._still_live = database.prepare(rows.STILL_LIVE)
        self._seen = Seen(database)

    async def of_browser(self, browser_secret: str | None, now: int) -> Sequence[LiveSession]:
        """Everyone who is signed in in this browser, the newest first."""
        if browser_secret is None:
            return ()
        values = {"browser_digest": digest(browser_secret), "now": now}
        return [_live(row, now) for row in await self._database.read(self._of_browser, **values)]

    async def current(self, browser_secret: str | None, now: int) -> LiveSession | None:
        """Whoever signed in last in this browser, and is here just now."""
        session = next(iter(await self.of_browser(browser_secret, now)), None)
        if session:
            await self._seen(session.session_id, session.seen_at, now)
        return session

    async def of_account(self, account_id: str, now: int) -> Sequence[LiveSession]:
        """Wherever this person is signed in, the newest first."""
        found = await self._database.read(self._of_account, account_id=account_id, now=now)
        return [_live(row, now) for row in found]

    def still_live(self, session_id: str, now: int) -> Write:
        """For a commit that rests on this session: ``Unchanged`` if it has ended."""
        values = {"the_session": session_id, "now": now}
        return Write(self._still_live, values, must_change=True)

    async def end_one(self, session_id: str, account_id: str, now: int) -> bool:
        """One of this person's, by its id; false if it had ended or is somebody else's."""

        async def these() -> Sequence[LiveSession]:
            mine = await self.of_account(account_id, now)
            return [it for it in mine if it.session_id == session_id]

        return await self._end_these(these, "ended by the person", now) != ()

    async def end_all(self, account_id: str, now: int) -> int:
        """Wherever this person is signed in. Says how many there were."""
        return await self.end_others(account_id, NONE, now, "all ended by the person")

    async def end_others(self, account_id: str, keep: str, now: int, reason: str) -> int:
        """Wherever this person is signed in but in the session ``keep``. Says how many."""
        return len(await self._end_these(lambda: self._others(account_id, keep, now), reason, now))

    async def ending_others(
        self, account_id: str, keep: str, now: int, reason: str
    ) -> Sequence[Write]:
        """The same for a commit of somebody else's: ``Unchanged`` if one ended meanwhile."""
        others = await self._others(account_id, keep, now)
        return [write for it in others for write in self.ending(it, reason, now)]

    async def _others(self, account_id: str, keep: str, now: int) -> Sequence[LiveSession]:
        return [it for it in await self.of_account(account_id, now) if it.session_id != keep]

    async def end(self, browser: str | None, now: int) -> Sequence[str]:
        """``oidc.ports.SignOut``: everyone in this browser."""
        return await self._end_these(lambda: self.of_browser(browser, now), "signed out", now)

    async def _end_these(
        self, these: Callable[[], Awaitable[Sequence[LiveSession]]], reason: str, now: int
    ) -> Sequence[str]:
        """All of them in one commit; if one ended meanwhile, look again. Their names."""
        while sessions := await these():
            writes = [write for it in sessions for write in self.ending(it, reason, now)]
            try:
                await self._database.commit(*writes)
            except Unchanged:
                continue
            return tuple(session.session_id for session in sessions)
        return ()

    async def end_with(
        self, account_id: str, change: Sequence[Write], reason: str, now: int
    ) -> None:
        """Wherever this person is signed in, in one commit with ``change``."""
        whose = account_id, NONE, now, reason
        while True:
            with suppress(Unchanged):  # one ended meanwhile: look again
                await self._database.commit(*change, *await self.ending_others(*whose))
                break
        await self.end_others(*whose)  # who came in between look and commit; after it nobody does

    def ending(self, session: LiveSession, reason: str, now: int) -> Sequence[Write]:
        """For somebody else's commit: ``Unchanged`` if it ended meanwhile."""
        event = SignedOut(
            event_id=new_id(now),
            session_id=session.session_id,
            account_id=session.account_id,
            reason=reason,
        )
        end = Write(self._end, {"the_session": session.session_id, "now": now}, must_change=True)
        return (
            end,
            *self._ends_with_it(session.session_id, session.account_id, now),
            self._ledger.insert(event, now),
        )


def _live(row: Found, now: int) -> LiveSession:
    said = {name: row[name] for name in LiveSession.__dataclass_fields__}
    acr = acr_now(row["acr"], auth_time=row["auth_time"], seen_at=row["seen_at"], now=now)
    return LiveSession(**{**said, "acr": acr, "amr": tuple(row["amr"].split())})
