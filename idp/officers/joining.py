"""How the first officers come: by a link that works once, with a passkey and a name they choose.

WebAuthn Level 3 section 7.1; NIST SP 800-63B-4 section 4.1.2. One commit takes the link, makes the
officer and the passkey, and begins the session; if any of it cannot be, none of it is.
"""

from dataclasses import asdict, dataclass

from idp.authentication.passkeys import PasskeyRefused, verify
from idp.authentication.passkeys.answer import Answer, read
from idp.authentication.passkeys.credential import Credential
from idp.authentication.passkeys.options import for_registration
from idp.officers.ground import Ground
from idp.officers.store import Officer, OfficerPasskey
from keys.secrets import digest, new_id
from ledger.kinds import OfficerJoined
from store.database import Conflict, Unchanged


class LinkRefused(Exception):
    """It was taken, has run out, was followed by another, or never was."""


@dataclass(frozen=True, slots=True)
class Coming:
    """``flow``: whose challenge it may be. ``name`` is the officer's own for themselves."""

    link: str
    credential: str
    flow: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining(Ground):
    async def options(self, link: str, flow: str, now: int) -> str:
        """JSON for ``navigator.credentials.create``, for this link alone. Raises ``LinkRefused``.

        The handle follows from the challenge, which is random and comes back with the answer.
        """
        place = await self._place(link, now)
        challenge = await self.challenges.new(_purpose(link), flow, now)
        called = f"{self.party.name} · console {place}"
        user = {"id": _handle(challenge), "name": called, "displayName": called}
        return for_registration(challenge, self.party, user, ())

    async def join(self, coming: Coming, now: int) -> str:
        """The secret of the new session. Raises ``LinkRefused`` and ``PasskeyRefused``."""
        place = await self._place(coming.link, now)
        answer = read(coming.credential)
        await self.challenges.spend(answer.challenge, _purpose(coming.link), coming.flow, now)
        verified = verify.registration(answer, self.party)
        officer = _officer(place, coming.name, answer, now)
        made = Credential.of(answer, verified, now)
        passkey = OfficerPasskey(**asdict(made), officer_id=officer.officer_id)
        event = OfficerJoined(event_id=new_id(now), officer_id=officer.officer_id, place=place)
        secret, session = self.sessions.started(officer.officer_id, now)
        try:
            await self.database.commit(
                self.officers.taken(coming.link, place, now),
                *self.officers.joined(officer, passkey),
                self.ledger.insert(event, now),
                *session,
            )
        except Conflict as error:
            await self._place(coming.link, now)  # somebody may have come by it meanwhile
            raise PasskeyRefused("known already") from error
        except Unchanged as error:  # another took it meanwhile
            raise LinkRefused from error
        return secret

    async def _place(self, link: str, now: int) -> int:
        place = await self.officers.place_of(link, now)
        if place is None:
            raise LinkRefused
        return place


def _purpose(link: str) -> str:
    return f"join {digest(link)}"


def _handle(challenge: str) -> str:
    """WebAuthn Level 3 section 14.6.1: it tells nothing of its owner. Base64url, as it happens."""
    return digest(f"officer {challenge}")


def _officer(place: int, name: str, answer: Answer, now: int) -> Officer:
    return Officer(
        officer_id=new_id(now),
        place=place,
        name=name,
        handle=_handle(answer.challenge),
        created_at=now,
    )
