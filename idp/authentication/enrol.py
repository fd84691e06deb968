"""Making an account with its first password, and unlocking one.

NIST SP 800-63B-4 section 3.1.1.2: the reason for a refusal is told.
"""

from dataclasses import dataclass

from idp.accounts.person import Person, personal_number
from idp.accounts.sql import AccountExists
from idp.authentication.password import judge
from idp.authentication.second_step import counter
from idp.parts import Parts
from keys.secrets import new_id
from ledger.kinds import AccountUnlocked, MeansReset


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

    async def reset(self, identifier: str, now: int) -> bool:
        """For whoever lost their only other means: the password is left, and every session ends.

        The app, its codes and all passkeys go in one commit with the event and the notice, once
        an officer has seen who it is. False if there is no such account.
        """
        parts, number = self.parts, personal_number(identifier) or ""
        account = await parts.accounts.find_by_number(number)
        if account is None:
            return False
        account_id = account.account_id
        event = MeansReset(event_id=new_id(now), account_id=account_id)
        gone = (
            parts.factors.totps.forget(account_id),
            parts.factors.recovery_codes.forget(account_id),
            parts.factors.passkeys.forget(account_id),
            *(
                parts.failures.forget(it)
                for it in (parts.accounts.number_digest(number), counter(account_id))
            ),
            *parts.notices.write("means_reset", account_id, now),
            parts.ledger.insert(event, now),
        )
        await parts.sessions.end_with(account_id, gone, "reset at a counter", now)
        return True

    async def unlock(self, identifier: str, now: int) -> bool:
        """Guesses are looked at again; false if there is no such account."""
        parts, number = self.parts, personal_number(identifier) or ""
        account = await parts.accounts.find_by_number(number)
        if account is None:
            return False
        unlocked = AccountUnlocked(event_id=new_id(now), account_id=account.account_id)
        names = (parts.accounts.number_digest(number), counter(account.account_id))
        forget = [parts.failures.forget(name) for name in names]
        await parts.storage.database.commit(*forget, parts.ledger.insert(unlocked, now))
        return True
