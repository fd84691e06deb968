"""Starting a session. NIST SP 800-63B-4 section 5.1.

The browser's secret is new at each authentication; who else is signed in there is moved to it in
the same commit. The person's own session there goes on, at the level just proven: what rests on it
need not start again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from idp.sessions import rows
from idp.sessions.lives import LIFE
from idp.sessions.sql import Sessions
from keys.secrets import digest, new_id, new_secret
from ledger.event import Ledger
from ledger.kinds import SignedIn
from store.database import Database, Unchanged, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticated:
    """A person has just proven who they are, with whatever else belongs into that commit.

    ``auth_time``: of the part that was proven first, if that was earlier than just now: what it
    was worth does not last longer because the rest came later. ``passkey_id``: if it was by one.
    """

    account_id: str
    acr: str
    amr: tuple[str, ...]
    label: str
    auth_time: int | None = None
    passkey_id: str | None = None
    also: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """``browser_secret`` is new, and goes into the browser's cookie."""

    browser_secret: str
    account_id: str


class SessionStart:
    def __init__(self, database: Database, ledger: Ledger, sessions: Sessions) -> None:
        self._database = database
        self._ledger = ledger
        self._sessions = sessions
        self._insert = database.prepare(rows.INSERT)
        self._move = database.prepare(rows.MOVE)
        self._renew = database.prepare(rows.RENEW)

    async def __call__(self, proof: Authenticated, browser_secret: str | None, now: int) -> Started:
        """One commit: the session, its event, the others moved, and what ``proof`` brings."""
        secret = new_secret()
        move = self._moved(browser_secret, secret, now)
        here = await self._sessions.of_browser(browser_secret, now)
        for session in here:
            if session.account_id == proof.account_id:
                renewal = self._renewal(session.session_id, proof, now)
                try:
                    await self._commit(session.session_id, proof, (*move, renewal), now)
                except Unchanged:  # it ended meanwhile
                    break
                return Started(secret, proof.account_id)
        session_id = new_id(now)
        fresh = self._fresh(session_id, secret, proof, now)
        await self._commit(session_id, proof, (*move, fresh), now)
        return Started(secret, proof.account_id)

    async def _commit(
        self, session_id: str, proof: Authenticated, writes: Sequence[Write], now: int
    ) -> None:
        event = SignedIn(
            event_id=new_id(now),
            session_id=session_id,
            account_id=proof.account_id,
            acr=proof.acr,
            amr=proof.amr,
        )
        await self._database.commit(*writes, *proof.also, self._ledger.insert(event, now))

    def _moved(self, old: str | None, new: str, now: int) -> Sequence[Write]:
        if old is None:
            return ()
        values = {"old_digest": digest(old), "new_digest": digest(new), "now": now}
        return (Write(self._move, values),)

    def _renewal(self, session_id: str, proof: Authenticated, now: int) -> Write:
        changed = {f"new_{name}": value for name, value in _proven(proof, now).items()}
        values = {"the_session": session_id, "now": now, **changed}
        return Write(self._renew, values, must_change=True)

    def _fresh(self, session_id: str, secret: str, proof: Authenticated, now: int) -> Write:
        row = {
            "session_id": session_id,
            "browser_digest": digest(secret),
            "account_id": proof.account_id,
            "ended_at": None,
            **_proven(proof, now),
        }
        return Write(self._insert, row)


def _proven(proof: Authenticated, now: int) -> dict[str, object]:
    """What an authentication says about its session."""
    auth_time = now if proof.auth_time is None else proof.auth_time
    return {
        "auth_time": auth_time,
        "acr": proof.acr,
        "amr": " ".join(proof.amr),
        "label": proof.label,
        "seen_at": now,
        "ends_at": auth_time + LIFE,
        "passkey_id": proof.passkey_id,
    }
