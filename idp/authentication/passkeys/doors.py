"""What pages do with passkeys, over one database: sign in with one, and keep one's own."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from idp.authentication.means import Means
from idp.authentication.passkeys import RelyingParty
from idp.authentication.passkeys.challenges import Challenges
from idp.authentication.passkeys.enrol import PasskeyEnrolment
from idp.authentication.passkeys.sign_in import PasskeySignIn
from idp.authentication.passkeys.store import Passkeys
from idp.parts import Parts


@dataclass(frozen=True, slots=True)
class PasskeyDoors:
    sign_in: PasskeySignIn
    enrol: PasskeyEnrolment
    kept: Passkeys
    means: Means

    @classmethod
    def over(cls, parts: Parts, issuer: str) -> Self:
        """The RP ID is the issuer's host, and no other origin may ask (W-03)."""
        party = RelyingParty(rp_id=urlsplit(issuer).hostname or "", origin=issuer)
        factors = parts.factors
        return cls(_sign_in(parts, party), _enrol(parts, party), factors.passkeys, factors.means)


def _sign_in(parts: Parts, party: RelyingParty) -> PasskeySignIn:
    return PasskeySignIn(
        database=parts.storage.database,
        party=party,
        challenges=Challenges(parts.storage.one_time),
        passkeys=parts.factors.passkeys,
        start=parts.start,
        ledger=parts.ledger,
    )


def _enrol(parts: Parts, party: RelyingParty) -> PasskeyEnrolment:
    return PasskeyEnrolment(
        database=parts.storage.database,
        party=party,
        challenges=Challenges(parts.storage.one_time),
        accounts=parts.accounts,
        sessions=parts.sessions,
        passkeys=parts.factors.passkeys,
        notices=parts.notices,
        ledger=parts.ledger,
    )
