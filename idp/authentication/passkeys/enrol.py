"""Adding a passkey to an account, naming and removing it. WebAuthn Level 3 section 7.1.

NIST SP 800-63B-4 section 4.1.2 (N-15, W-15): who asks has proven who they are just now, which the
page sees to. The last way in stays.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from webauthn.registration.verify_registration_response import VerifiedRegistration

from idp.accounts.sql import Accounts
from idp.authentication.passkeys import PasskeyRefused, RelyingParty, verify
from idp.authentication.passkeys.answer import Answer, read
from idp.authentication.passkeys.challenges import Challenges
from idp.authentication.passkeys.credential import Credential
from idp.authentication.passkeys.options import for_registration
from idp.authentication.passkeys.store import Passkey, Passkeys
from idp.notices.write import Notices
from idp.sessions.sql import LiveSession, Sessions
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import PasskeyAdded, PasskeyRemoved
from store.database import Conflict, Database, Unchanged, Write

MOST = 20  # of one account
LONGEST_NAME = 60
TRIES = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """``browser_secret``: whose challenge it may be. ``name`` is the person's own for it."""

    credential: str
    browser_secret: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyEnrolment:
    database: Database
    party: RelyingParty
    challenges: Challenges
    accounts: Accounts
    passkeys: Passkeys
    sessions: Sessions
    notices: Notices
    ledger: Ledger

    async def options(self, account_id: str, browser_secret: str, now: int) -> str:
        """JSON for ``navigator.credentials.create``.

        A device shows whom a passkey is for: the end of the number tells apart who shares it.
        """
        called = f"{self.party.name} ···{(await self.accounts.number_of(account_id))[-3:]}"
        known = await self.passkeys.of_account(account_id)
        handle = await self.passkeys.handle_of(account_id)
        challenge = await self.challenges.new(_purpose(account_id), browser_secret, now)
        user = {"id": handle, "name": called, "displayName": called}
        return for_registration(challenge, self.party, user, known)

    async def add(self, by: LiveSession, offered: Offered, now: int) -> Passkey:
        """Raises ``PasskeyRefused``: nothing is kept then but that the challenge is spent."""
        account_id = by.account_id
        answer = read(offered.credential)
        purpose = _purpose(account_id)
        await self.challenges.spend(answer.challenge, purpose, offered.browser_secret, now)
        verified = verify.registration(answer, self.party)
        if len(await self.passkeys.of_account(account_id)) >= MOST:
            raise PasskeyRefused("too many")
        passkey = _made(account_id, offered.name, answer, verified, now)
        event = PasskeyAdded(
            event_id=new_id(now), account_id=account_id, passkey_id=passkey.passkey_id
        )
        try:
            await self.database.commit(
                self.sessions.still_live(by.session_id, now),
                self.passkeys.added(passkey),
                self.ledger.insert(event, now),
                *self.notices.write("passkey_added", account_id, now, passkey.name),
            )
        except Conflict as error:
            raise PasskeyRefused("known already") from error
        except Unchanged as error:
            raise PasskeyRefused("signed out") from error
        return passkey

    async def rename(self, account_id: str, passkey_id: str, name: str) -> None:
        """Somebody else's, or one that is gone, is left as it is."""
        try:
            await self.database.commit(self.passkeys.renamed(passkey_id, account_id, name))
        except Unchanged:
            return

    async def remove(self, passkey: Passkey, by: LiveSession, now: int) -> bool:
        """False, and nothing is removed, if it is the last way in, or ``by`` has ended."""
        passkey_id, account_id = passkey.passkey_id, passkey.account_id
        event = PasskeyRemoved(event_id=new_id(now), account_id=account_id, passkey_id=passkey_id)
        change = (
            self.sessions.still_live(by.session_id, now),
            *self.passkeys.removed(passkey_id, account_id, by.session_id, now),
            self.ledger.insert(event, now),
            *self.notices.write("passkey_removed", account_id, now, passkey.name),
        )
        for _ in range(TRIES):
            with suppress(Unchanged):  # one of them ended meanwhile, or began: look again
                await self.database.commit(*await self._out(passkey, by, now), *change)
                return True
        return False

    async def _out(self, passkey: Passkey, by: LiveSession, now: int) -> Sequence[Write]:
        """Who signed in elsewhere by this passkey, or may have."""
        others = await self.sessions.of_account(by.account_id, now)
        out = [it for it in others if it.session_id != by.session_id and _may_be_by(passkey, it)]
        reason = "a passkey was removed"
        return [write for it in out for write in self.sessions.ending(it, reason, now)]


def fit_name(text: str) -> str:
    """As it is kept: one line, not too long; empty if it says nothing."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def _may_be_by(passkey: Passkey, session: LiveSession) -> bool:
    """Of sessions that began before it was kept nobody knows by which passkey."""
    return "pop" in session.amr and session.passkey_id in {None, passkey.passkey_id}


def _purpose(account_id: str) -> str:
    return f"add {account_id}"


def _made(
    account_id: str, name: str, answer: Answer, verified: VerifiedRegistration, now: int
) -> Passkey:
    made = Credential.of(answer, verified, now)
    return Passkey(**asdict(made), account_id=account_id, name=name, aaguid=verified.aaguid)
