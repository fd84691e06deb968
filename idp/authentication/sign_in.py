"""Signing in by personal number and password.

NIST SP 800-63B-4 sections 3.1.1 and 3.2.2. A known and an unknown number take the same steps: a
place in the queue, the count, two reads, one hash, one commit, and the same answer.
"""

from dataclasses import dataclass

from idp.accounts.person import personal_number
from idp.accounts.sql import Account, Accounts
from idp.authentication import PASSWORD, acr
from idp.authentication.failures import Failures
from idp.authentication.half_way import Half
from idp.authentication.means import Means
from idp.authentication.password import Hasher
from idp.authentication.passwords import Kept, Passwords
from idp.authentication.pool import Pool
from idp.authentication.refused import Refused
from idp.sessions.start import Authenticated, SessionStart, Started
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import SignInFailed, StrangerRefused
from store.database import Database, Unchanged, Write

NOBODY = ""


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
    means: Means
    start: SessionStart
    ledger: Ledger

    async def attempt(self, guess: Guess, now: int) -> Started | Half | Refused:
        """One guess; ``Half`` is there if a code is to follow.

        Raises ``Busy`` (a 503) before anything is counted.
        """
        number = personal_number(guess.identifier) or NOBODY
        digest = self.accounts.number_digest(number)
        async with self.pool.place():
            if number and not await self.failures.count(digest, now):
                return await self._refusal(digest, now)
            account = await self.accounts.find_by_number(number)
            kept = await self._proven(account, guess.password)
        if account is None:
            return await self._failed(digest, now, self._stranger(digest))
        if kept is None:
            return await self._failed(digest, now, self._known(now))
        if (await self.means.of(account.account_id)).second_factor:
            await self.database.commit(self.failures.forget(digest))
            return Half(account_id=account.account_id, password_set_at=kept.set_at)
        return await self._enter((account, kept), digest, guess, now)

    async def _proven(self, account: Account | None, password: str) -> Kept | None:
        """The password that this account has, if it is this one. Nobody's is as much work."""
        kept = await self.passwords.find(account.account_id if account else NOBODY)
        right = await self.pool.run(self.hasher.matches, password, kept.hash if kept else None)
        return kept if account and account.active and kept and right else None

    async def _enter(
        self, proven: tuple[Account, Kept], digest: str, guess: Guess, now: int
    ) -> Started | Refused:
        """The session, its event and the forgotten failures in one commit."""
        account, kept = proven
        proof = Authenticated(
            account_id=account.account_id,
            acr=acr(PASSWORD, account.level),
            amr=PASSWORD.amr,
            label=guess.label,
            also=(
                self.failures.forget(digest),
                self.passwords.still_set(account.account_id, kept.set_at),
            ),
        )
        try:
            return await self.start(proof, guess.browser_secret, now)
        except Unchanged:  # the password was changed in this very moment
            return await self._failed(digest, now, self._known(now))

    def _known(self, now: int) -> Write:
        """Kept, and bounded: after so many in a row none is looked at."""
        return self.ledger.insert(SignInFailed(event_id=new_id(now), reason="password"), now)

    def _stranger(self, digest: str) -> Write:
        """Not kept: of numbers that are nobody's there is no end."""
        self.ledger.tell(StrangerRefused(door="password", reason="password"))
        return self.failures.touch(digest)

    async def _failed(self, digest: str, now: int, told: Write) -> Refused:
        await self.database.commit(told)
        return await self._refusal(digest, now)

    async def _refusal(self, digest: str, now: int) -> Refused:
        wait = await self.failures.wait(digest, now)
        return Refused(off=True) if wait is None else Refused(wait=wait)
