"""Making an account with its first password, and unlocking one.

NIST SP 800-63B-4 section 3.1.1.2 (N-04: the reason for a refusal is told).
"""

from dataclasses import dataclass

from idp.accounts.person import Person, personal_number
from idp.accounts.sql import Accounts
from idp.authentication.failures import Failures
from idp.authentication.password import Hasher, judge
from idp.authentication.passwords import Passwords
from keys.secrets import new_id
from ledger.event import AccountUnlocked, Ledger
from store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """For the command line: it hashes where it stands."""

    database: Database
    accounts: Accounts
    failures: Failures
    passwords: Passwords
    hasher: Hasher
    ledger: Ledger

    async def add(self, person: Person, now: int) -> str:
        """The new ``account_id``. Raises ``WeakPassword`` or ``AccountExists``."""
        number = personal_number(person.identifier) or ""
        judge(person.password, known=(number,))
        account_id = new_id(now)
        password = self.passwords.set_first(account_id, self.hasher.hash(person.password), now)
        await self.accounts.add(account_id, person, (password,), now)
        return account_id

    async def unlock(self, identifier: str, now: int) -> bool:
        """Guesses are looked at again; false if there is no such account."""
        number = personal_number(identifier) or ""
        account = await self.accounts.find_by_number(number)
        if account is None:
            return False
        unlocked = AccountUnlocked(event_id=new_id(now), account_id=account.account_id)
        forget = self.failures.forget(self.accounts.number_digest(number))
        await self.database.commit(forget, self.ledger.insert(unlocked, now))
        return True
