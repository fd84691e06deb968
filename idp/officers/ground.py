"""What an officer's way in stands on, the first time and every other."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from idp.authentication.passkeys import RelyingParty
from idp.authentication.passkeys.challenges import Challenges
from idp.officers.sessions import OfficerSessions
from idp.officers.store import Officers
from idp.parts import Parts
from ledger.event import Ledger
from store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    database: Database
    party: RelyingParty
    challenges: Challenges
    officers: Officers
    sessions: OfficerSessions
    ledger: Ledger

    @classmethod
    def over(cls, parts: Parts, issuer: str) -> Self:
        """The RP ID is the issuer's host, as citizens' is: what tells them apart is the tables."""
        database, ledger = parts.storage.database, parts.ledger
        return cls(
            database=database,
            party=RelyingParty(rp_id=urlsplit(issuer).hostname or "", origin=issuer),
            challenges=Challenges(parts.storage.one_time),
            officers=Officers(database, ledger),
            sessions=OfficerSessions(database, ledger),
            ledger=ledger,
        )
