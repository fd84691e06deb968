"""What the console's pages do, over one database."""

from dataclasses import dataclass
from typing import Self

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
        entry = Entry.over(parts, issuer)
        return cls(
            officers=entry.officers,
            sessions=entry.sessions,
            joining=Joining.over(parts, issuer),
            entry=entry,
            custody=parts.custody,
            gate=parts.gate,
            places=Places(parts.storage.database),
        )
