"""What the console's pages do, over one database."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from idp.authentication.passkeys import RelyingParty
from idp.authentication.passkeys.challenges import Challenges
from idp.officers.entry import Entry
from idp.officers.joining import Joining
from idp.officers.sessions import OfficerSessions
from idp.officers.store import Officers
from idp.parts import Parts
from keys.lives.custody import Custody
from keys.lives.places import Places
from keys.readiness.gate import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """``custody``, ``gate`` and ``places``: of the signing keys."""

    officers: Officers
    sessions: OfficerSessions
    joining: Joining
    entry: Entry
    custody: Custody
    gate: Gate
    places: Places

    @classmethod
    def over(cls, parts: Parts, issuer: str) -> Self:
        """The RP ID is the issuer's host, as citizens' is: what tells them apart is the tables."""
        database, ledger = parts.storage.database, parts.ledger
        officers, sessions = Officers(database, ledger), OfficerSessions(database, ledger)
        entry = Entry(
            database=database,
            party=RelyingParty(rp_id=urlsplit(issuer).hostname or "", origin=issuer),
            challenges=Challenges(parts.storage.one_time),
            officers=officers,
            sessions=sessions,
            ledger=ledger,
        )
        return cls(
            officers=officers,
            sessions=sessions,
            joining=_joining(entry),
            entry=entry,
            custody=parts.custody,
            gate=parts.gate,
            places=Places(database),
        )


def _joining(entry: Entry) -> Joining:
    """It needs the same."""
    return Joining(
        database=entry.database,
        party=entry.party,
        challenges=entry.challenges,
        officers=entry.officers,
        sessions=entry.sessions,
        ledger=entry.ledger,
    )
