"""What was registered and made: kinds of events, exported by ``ledger/event.py``."""

from dataclasses import dataclass
from typing import Literal

Change = Literal["added", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyApplied:
    event_id: str
    agency_id: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientApplied:
    event_id: str
    client_id: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDisabled:
    event_id: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeApplied:
    event_id: str
    purpose_id: str
    purpose_version: int
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade:
    event_id: str
    kid: str
    alg: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused:
    """Told to the log, not kept: nothing changed."""

    endpoint: str
    error: str
    detail: str
