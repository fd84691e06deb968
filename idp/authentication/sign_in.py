"""Signing in by personal number and password.

NIST SP 800-63B-4 sections 3.1.1 and 3.2.2. A known and an unknown number take the same steps: a
place in the queue, the count, two reads, one hash, and the same answer.
"""

from dataclasses import dataclass

from idp.accounts.person import personal_number
from idp.accounts.sql import Account, Accounts
from idp.authentication import PASSWORD, acr
from idp.authentication.failures import Failures
from idp.authentication.password import Hasher
from idp.authentication.passwords import Passwords
from idp.authentication.pool import Pool
from idp.sessions.start import Authenticated, SessionStart, Started
from keys.secrets import new_id
from ledger.event import Ledger, SignInFailed
from store.database import Database

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """``wait``: whole seconds until another guess is looked at. ``off``: waiting does not help."""

    wait: int = 0
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What came with the form, and from which browser."""

    identifier: str
    password: str
    browser_secret: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    database: Database
    accounts: Accounts
    failures: Failures
    passwords: Passwords
    hasher: Hasher
    pool: Pool
    start: SessionStart
    ledger: Ledger

    async def attempt(self, guess: Guess, now: int) -> Started | Refused:
        """One guess. Raises ``Busy`` (a 503) before anything is counted."""
        number = personal_number(guess.identifier) or NOBODY
        digest = self.accounts.number_digest(number)
        async with self.pool.place():
            if number and not await self.failures.count(digest, now):
                return await self._refusal(digest, now)
            account = await self._proven(number, guess.password)
        if account is None:
            return await self._failed(digest, now)
        return await self._enter(account, digest, guess, now)

    async def _proven(self, number: str, password: str) -> Account | None:
        account = await self.accounts.find_by_number(number)
        kept = await self.passwords.find(account.account_id if account else NOBODY)
        right = await self.pool.run(self.hasher.matches, password, kept)
        return account if account and account.active and right else None

    async def _enter(self, account: Account, digest: str, guess: Guess, now: int) -> Started:
        """The session, its event and the forgotten failures in one commit."""
        proof = Authenticated(
            account_id=account.account_id,
            acr=acr(PASSWORD, account.level),
            amr=PASSWORD.amr,
            label=guess.label,
            also=(self.failures.forget(digest),),
        )
        return await self.start(proof, guess.browser_secret, now)

    async def _failed(self, digest: str, now: int) -> Refused:
        failed = SignInFailed(event_id=new_id(now), reason="password")
        await self.database.commit(self.ledger.insert(failed, now))
        return await self._refusal(digest, now)

    async def _refusal(self, digest: str, now: int) -> Refused:
        wait = await self.failures.wait(digest, now)
        return Refused(off=True) if wait is None else Refused(wait=wait)
