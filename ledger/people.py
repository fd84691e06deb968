"""What happened to accounts and sessions: kinds of events, exported by ``ledger/kinds.py``."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    event_id: str
    session_id: str
    account_id: str
    acr: str
    amr: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed:
    """With an account or a passkey that there is; it does not say which."""

    event_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerRefused:
    """Told to the log, not kept: who knocked is nobody we know, and anybody may knock for ever.

    ``door``: of citizens (*password*, *passkey*) or of officers (*console*). ``reason``: one of
    our own words.
    """

    door: Literal["password", "passkey", "console"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """One session ended, by its person or by an agency on their behalf."""

    event_id: str
    session_id: str
    account_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansReset:
    """At a counter: app, codes and passkeys are gone, the password is left."""

    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpAdded:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpRemoved:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade:
    """All codes made before are worth nothing."""

    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAdded:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnlocked:
    event_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAdded:
    event_id: str
    account_id: str
    passkey_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRemoved:
    event_id: str
    account_id: str
    passkey_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyCloned:
    """Its signature counter went back: there may be a copy of it. Nobody was let in."""

    event_id: str
    account_id: str
    passkey_id: str


Credentials = (
    PasswordChanged
    | TotpAdded
    | TotpRemoved
    | RecoveryCodesMade
    | RecoveryCodeUsed
    | PasskeyAdded
    | PasskeyRemoved
)
"""What changes how somebody signs in."""

People = (
    SignedIn
    | SignInFailed
    | SignedOut
    | AccountAdded
    | AccountUnlocked
    | Credentials
    | MeansReset
    | PasskeyCloned
)
"""Those that are kept, for ``ledger/kinds.py``."""
