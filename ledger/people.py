"""What happened to accounts and sessions: kinds of events, exported by ``ledger/event.py``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    event_id: str
    session_id: str
    account_id: str
    acr: str
    amr: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed:
    """Says nothing of who it was: what was typed may be nobody's."""

    event_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """One session ended, by its person or by an agency on their behalf."""

    event_id: str
    session_id: str
    account_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAdded:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnlocked:
    event_id: str
    account_id: str
