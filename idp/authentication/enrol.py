"""Making an account with its first password, and unlocking one.

NIST SP 800-63B-4 section 3.1.1.2: the reason for a refusal is told.
"""

from dataclasses import dataclass

from idp.accounts.person import Person, personal_number
from idp.accounts.sql import AccountExists
from idp.authentication.password import judge
from idp.parts import Parts
from keys.secrets import new_id
from ledger.event import AccountUnlocked


@dataclass(frozen=True, slots=True)
class Enrolment:
    """For the command line: it hashes where it stands."""

    parts: Parts

    async def add(self, person: Person, now: int) -> str:
        """The new ``account_id``. Raises ``WeakPassword`` or ``AccountExists``."""
        parts, number = self.parts, personal_number(person.identifier) or ""
        judge(person.password, known=(number,))
        if await parts.accounts.find_by_number(number) is not None:
            raise AccountExists
        account_id, hashed = new_id(now), parts.hasher.hash(person.password)
        password = parts.passwords.set_first(account_id, hashed, now)
        await parts.accounts.add(account_id, person, (password,), now)
        return account_id

    async def unlock(self, identifier: str, now: int) -> bool:
        """Guesses are looked at again; false if there is no such account."""
        parts, number = self.parts, personal_number(identifier) or ""
        account = await parts.accounts.find_by_number(number)
        if account is None:
            return False
        unlocked = AccountUnlocked(event_id=new_id(now), account_id=account.account_id)
        forget = parts.failures.forget(parts.accounts.number_digest(number))
        await parts.storage.database.commit(forget, parts.ledger.insert(unlocked, now))
        return True
