"""Changing how one signs in: the password, the authenticator app, the recovery codes.

NIST SP 800-63B-4 sections 3.1.1.2, 4.1.2 and 4.2.1.1. Each change is one commit with its event and
its notice, and rests on the session ``by`` in which it is made: none if that has ended. Whoever
calls this has seen the person prove who they are just now.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from idp.accounts.sql import Accounts
from idp.authentication.factors import Factors
from idp.authentication.failures import Failures
from idp.authentication.password import Hasher, judge
from idp.authentication.passwords import Passwords
from idp.authentication.pool import Pool
from idp.authentication.recovery import new_codes
from idp.authentication.second_step import counter
from idp.authentication.totp import plain, step_shown
from idp.notices.write import Notices
from idp.sessions.sql import LiveSession, Sessions
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import PasswordChanged, RecoveryCodesMade, TotpAdded, TotpRemoved
from store.database import Database, Unchanged, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    database: Database
    accounts: Accounts
    failures: Failures
    passwords: Passwords
    hasher: Hasher
    pool: Pool
    factors: Factors
    sessions: Sessions
    notices: Notices
    ledger: Ledger

    async def password(self, by: LiveSession, password: str, now: int) -> None:
        """A new one; every other session ends, with what rests on it.

        Raises ``WeakPassword``, ``Busy``, and ``Unchanged`` if there is no password to change.
        """
        account_id = by.account_id
        number = await self.accounts.number_of(account_id)
        contact = await self.accounts.contact(account_id)
        told = [it for it in contact.values() if isinstance(it, dict)]  # the rest are times
        words = [str(said) for claims in told for said in claims.values()]
        judge(password, known=(number, *words))
        async with self.pool.place():
            hashed = await self.pool.run(self.hasher.hash, password)
        changed = PasswordChanged(event_id=new_id(now), account_id=account_id)
        await self._with_others_out(
            (account_id, by.session_id, now, "the password was changed"),
            self.sessions.still_live(by.session_id, now),
            self.passwords.change(account_id, hashed, now),
            self.failures.forget(self.accounts.number_digest(number)),
            *self.notices.write("password_changed", account_id, now),
            self.ledger.insert(changed, now),
        )

    async def _with_others_out(self, whose: tuple[str, str, int, str], *change: Write) -> None:
        """One commit: there is no new password while somebody is in by the old one."""
        account_id, keep, now, _ = whose
        while True:
            out = await self.sessions.ending_others(*whose)
            try:
                await self.database.commit(*change, *out)
            except Unchanged:  # one of them ended meanwhile: look again
                here = [it.session_id for it in await self.sessions.of_account(account_id, now)]
                if keep not in here or await self.passwords.find(account_id) is None:
                    raise
                continue
            break
        # whoever came in between look and commit; after it nobody does
        await self.sessions.end_others(*whose)

    async def add_app(
        self, by: LiveSession, secret: bytes, code: str, now: int
    ) -> Sequence[str] | None:
        """The recovery codes that come with it; nothing if the code is not the app's.

        Raises ``Conflict`` if the person has an app, ``Unchanged`` if ``by`` has ended.
        """
        account_id = by.account_id
        step = step_shown(secret, plain(code), now)
        if step is None:
            return None
        codes = new_codes()
        added = TotpAdded(event_id=new_id(now), account_id=account_id)
        await self.database.commit(
            self.sessions.still_live(by.session_id, now),
            self.factors.totps.add(account_id, secret, step, now),
            *self.factors.recovery_codes.replace(account_id, codes, now),
            self.failures.forget(counter(account_id)),
            *self.notices.write("totp_added", account_id, now),
            self.ledger.insert(added, now),
        )
        return codes

    async def remove_app(self, by: LiveSession, now: int) -> bool:
        """The codes go with it; false if there was none, or ``by`` has ended."""
        account_id = by.account_id
        removed = TotpRemoved(event_id=new_id(now), account_id=account_id)
        try:
            await self.database.commit(
                self.sessions.still_live(by.session_id, now),
                self.factors.totps.remove(account_id),
                self.factors.recovery_codes.forget(account_id),
                self.failures.forget(counter(account_id)),
                *self.notices.write("totp_removed", account_id, now),
                self.ledger.insert(removed, now),
            )
        except Unchanged:
            return False
        return True

    async def make_codes(self, by: LiveSession, seen: int, now: int) -> Sequence[str] | None:
        """Ten new ones instead of all before; nothing if that was done since ``seen``."""
        account_id = by.account_id
        codes = new_codes()
        made = RecoveryCodesMade(event_id=new_id(now), account_id=account_id)
        try:
            await self.database.commit(
                self.sessions.still_live(by.session_id, now),
                self.factors.totps.codes_renewed(account_id, seen),
                *self.factors.recovery_codes.replace(account_id, codes, now),
                *self.notices.write("codes_made", account_id, now),
                self.ledger.insert(made, now),
            )
        except Unchanged:
            return None
        return codes
