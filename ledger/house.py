"""What was registered and made: kinds of events, exported by ``ledger/kinds.py``."""

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
class ClientsInvited:
    """``clients``: how many may register with it."""

    event_id: str
    invite_id: str
    clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRegistered:
    """By itself, with this invitation."""

    event_id: str
    client_id: str
    invite_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationChanged:
    event_id: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationDeleted:
    event_id: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeApplied:
    event_id: str
    purpose_id: str
    purpose_version: int
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeyMade:
    """A new version of a secret, which makes from a minute later on."""

    event_id: str
    purpose: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeysRewrapped:
    """So many were wrapped anew, by the key-encryption key of this name."""

    event_id: str
    kek_id: str
    data_keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeyEnded:
    """It opens nothing any more."""

    event_id: str
    purpose: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused:
    """Told to the log, not kept: nothing changed."""

    endpoint: str
    error: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientUnreadable:
    """Told to the log, not kept: its row was passed over. ``fault``: its kind."""

    client_id: str
    fault: str
