"""Signing in with a passkey that the browser lets the person choose.

WebAuthn Level 3 section 7.2; W-02, W-07, W-11, W-13; NIST SP 800-63B-4 sections 3.1.7 and 3.2.5.
Nobody says first who they are: the authenticator does, by the user handle.
"""

from dataclasses import dataclass

from idp.authentication import PASSKEY, acr
from idp.authentication.passkeys import PasskeyRefused, RelyingParty, StrangerKnocked, verify
from idp.authentication.passkeys.answer import Answer
from idp.authentication.passkeys.challenges import Challenges
from idp.authentication.passkeys.options import for_sign_in
from idp.authentication.passkeys.recognise import recognise
from idp.authentication.passkeys.store import KnownPasskey, Passkeys
from idp.sessions.start import Authenticated, SessionStart, Started
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import PasskeyCloned, SignInFailed, StrangerRefused
from store.database import Database, Unchanged, Write

PURPOSE = "sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What came with the form, and from which browser. ``flow``: whose challenge it may be."""

    credential: str
    flow: str
    browser_secret: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeySignIn:
    database: Database
    party: RelyingParty
    challenges: Challenges
    passkeys: Passkeys
    start: SessionStart
    ledger: Ledger

    async def options(self, flow: str, now: int) -> str:
        """JSON for ``navigator.credentials.get``, with a challenge for this browser alone."""
        return for_sign_in(await self.challenges.new(PURPOSE, flow, now), self.party)

    async def attempt(self, presented: Presented, now: int) -> Started:
        """Raises ``PasskeyRefused``, after an event that says why: kept, if we know the passkey."""
        try:
            answer, held = await recognise(
                presented.credential,
                self.passkeys.find,
                lambda it: self.challenges.spend(it, PURPOSE, presented.flow, now),
            )
            return await self._enter(held, answer, presented, now)
        except StrangerKnocked as refused:
            self.ledger.tell(StrangerRefused(door="passkey", reason=refused.why))
            raise
        except PasskeyRefused as refused:
            failed = SignInFailed(event_id=new_id(now), reason=f"passkey: {refused.why}")
            await self.database.commit(self.ledger.insert(failed, now))
            raise

    async def _enter(
        self, held: KnownPasskey, answer: Answer, presented: Presented, now: int
    ) -> Started:
        if not held.active:
            raise PasskeyRefused("account")
        passkey = held.passkey
        verified = verify.assertion(answer, passkey, self.party)
        count, synced = verified.new_sign_count, verified.credential_backed_up
        proof = Authenticated(
            account_id=passkey.account_id,
            acr=acr(PASSKEY, held.level),
            amr=PASSKEY.amr,
            label=presented.label,
            passkey_id=passkey.passkey_id,
            also=(self.passkeys.used(passkey, count, synced, now),),
        )
        try:
            return await self.start(proof, presented.browser_secret, now)
        except Unchanged as error:
            if await self.passkeys.find(answer.credential_id) is None:
                raise PasskeyRefused("unknown") from error  # it was removed meanwhile
            await self.database.commit(self._cloned(held, now))
            raise PasskeyRefused("sign count") from error

    def _cloned(self, held: KnownPasskey, now: int) -> Write:
        """Two devices count apart: one of them is a copy, and nobody can tell which (W-13)."""
        passkey = held.passkey
        event = PasskeyCloned(
            event_id=new_id(now), account_id=passkey.account_id, passkey_id=passkey.passkey_id
        )
        return self.ledger.insert(event, now)
