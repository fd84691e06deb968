"""Officers sign in with a passkey alone, and prove once more who they are before a change.

WebAuthn Level 3 section 7.2; W-02, W-07, W-11, W-13. What citizens have opens nothing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from idp.authentication.passkeys import PasskeyRefused, StrangerKnocked, verify
from idp.authentication.passkeys.answer import Answer
from idp.authentication.passkeys.options import for_sign_in
from idp.authentication.passkeys.recognise import recognise
from idp.officers.ground import Ground
from idp.officers.sessions import OfficerSession
from idp.officers.store import KnownPasskey
from keys.secrets import new_id
from ledger.kinds import OfficerSignInFailed, StrangerRefused
from store.database import Unchanged, Write

SIGN_IN = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Ground):
    """What is proven, and by whom; each raises ``PasskeyRefused`` after an event that says why.

    It is kept if an officer's passkey is known by it, or an officer is signed in already.
    """

    async def options(self, flow: str, now: int) -> str:
        """JSON for ``navigator.credentials.get``, with a challenge for this browser alone."""
        return for_sign_in(await self.challenges.new(SIGN_IN, flow, now), self.party)

    async def enter(self, credential: str, flow: str, now: int) -> str:
        """The secret of a new session, for the browser's cookie."""
        try:
            answer, held = await self._read(credential, SIGN_IN, flow, now)
            secret, writes = self.sessions.started(held.passkey.officer_id, now)
            await self._proven(answer, held, writes, now)
        except StrangerKnocked as refused:
            self.ledger.tell(StrangerRefused(door="console", reason=refused.why))
            raise
        except PasskeyRefused as refused:
            await self._failed(refused, now)
            raise
        return secret

    async def options_again(self, session: OfficerSession, secret: str, now: int) -> str:
        """The same, with the passkeys of this officer alone."""
        challenge = await self.challenges.new(_again(session), secret, now)
        known = await self.officers.passkeys_of(session.officer_id)
        return for_sign_in(challenge, self.party, known)

    async def prove(self, credential: str, session: OfficerSession, secret: str, now: int) -> str:
        """The new secret of the session. Somebody else's passkey proves nothing of this officer."""
        try:
            answer, held = await self._read(credential, _again(session), secret, now)
            _same(held, session)
            new, writes = self.sessions.renewed(session, now)
            await self._proven(answer, held, writes, now)
        except PasskeyRefused as refused:
            await self._failed(refused, now)
            raise
        return new

    async def _read(
        self, credential: str, purpose: str, browser: str, now: int
    ) -> tuple[Answer, KnownPasskey]:
        return await recognise(
            credential,
            self.officers.find,
            lambda it: self.challenges.spend(it, purpose, browser, now),
        )

    async def _proven(
        self, answer: Answer, held: KnownPasskey, writes: Sequence[Write], now: int
    ) -> None:
        passkey = held.passkey
        verified = verify.assertion(answer, passkey, self.party)
        count, synced = verified.new_sign_count, verified.credential_backed_up
        used = self.officers.used(passkey, count, synced, now)
        try:
            await self.database.commit(used, *writes)
        except Unchanged as error:  # two devices count apart, or the session has ended
            raise PasskeyRefused("sign count") from error

    async def _failed(self, refused: PasskeyRefused, now: int) -> None:
        failed = OfficerSignInFailed(event_id=new_id(now), reason=f"passkey: {refused.why}")
        await self.database.commit(self.ledger.insert(failed, now))


def _again(session: OfficerSession) -> str:
    return f"console again {session.session_id}"


def _same(held: KnownPasskey, session: OfficerSession) -> None:
    if held.passkey.officer_id != session.officer_id:
        raise PasskeyRefused("another officer")
