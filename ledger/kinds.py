"""Every kind of event, and which of them are kept.

To add one: write it in the module of its kind; name it in ``Kept``; export it.
"""

from collections.abc import Callable

from ledger.house import (
    AgencyApplied,
    ClientApplied,
    ClientDisabled,
    ClientRegistered,
    ClientsInvited,
    ClientUnreadable,
    DataKeyEnded,
    DataKeyMade,
    DataKeysRewrapped,
    PurposeApplied,
    RegistrationChanged,
    RegistrationDeleted,
    RequestRefused,
)
from ledger.officers import (
    OfficerJoined,
    Officers,
    OfficerSignedIn,
    OfficerSignedOut,
    OfficerSignInFailed,
    OfficersInvited,
)
from ledger.people import (
    AccountAdded,
    AccountUnlocked,
    Credentials,
    MeansReset,
    PasskeyAdded,
    PasskeyCloned,
    PasskeyRemoved,
    PasswordChanged,
    People,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SignedIn,
    SignedOut,
    SignInFailed,
    StrangerRefused,
    TotpAdded,
    TotpRemoved,
)
from ledger.sharing import (
    DataReleased,
    DecisionMade,
    DecisionRefused,
    GrantEnded,
    RecordNarrowed,
    RecordWithdrawn,
    RefreshTokensRevoked,
    TokenForged,
    TokenIssued,
    TokenRevoked,
)
from ledger.signing import KeyHeld, KeyMade, KeyOverdue, KeyTurned, Signing, SigningRefused

__all__ = [
    "AccountAdded",
    "AccountUnlocked",
    "AgencyApplied",
    "ClientApplied",
    "ClientDisabled",
    "ClientRegistered",
    "ClientUnreadable",
    "ClientsInvited",
    "Credentials",
    "DataKeyEnded",
    "DataKeyMade",
    "DataKeysRewrapped",
    "DataReleased",
    "DecisionMade",
    "DecisionRefused",
    "Event",
    "GrantEnded",
    "Kept",
    "KeyHeld",
    "KeyMade",
    "KeyOverdue",
    "KeyTurned",
    "MeansReset",
    "OfficerJoined",
    "OfficerSignInFailed",
    "OfficerSignedIn",
    "OfficerSignedOut",
    "Officers",
    "OfficersInvited",
    "PasskeyAdded",
    "PasskeyCloned",
    "PasskeyRemoved",
    "PasswordChanged",
    "People",
    "PurposeApplied",
    "RecordNarrowed",
    "RecordWithdrawn",
    "RecoveryCodeUsed",
    "RecoveryCodesMade",
    "RefreshTokensRevoked",
    "RegistrationChanged",
    "RegistrationDeleted",
    "RequestRefused",
    "SignInFailed",
    "SignedIn",
    "SignedOut",
    "Signing",
    "SigningRefused",
    "StrangerRefused",
    "TokenForged",
    "TokenIssued",
    "TokenRevoked",
    "Told",
    "TotpAdded",
    "TotpRemoved",
    "Watch",
]

Kept = (
    People
    | DecisionMade
    | DecisionRefused
    | RecordNarrowed
    | RecordWithdrawn
    | TokenIssued
    | TokenRevoked
    | GrantEnded
    | RefreshTokensRevoked
    | DataReleased
    | AgencyApplied
    | ClientApplied
    | ClientDisabled
    | ClientsInvited
    | ClientRegistered
    | RegistrationChanged
    | RegistrationDeleted
    | PurposeApplied
    | Signing
    | DataKeyMade
    | DataKeysRewrapped
    | DataKeyEnded
    | Officers
)
Told = ClientUnreadable | StrangerRefused | TokenForged
Event = Kept | RequestRefused | SigningRefused | Told
Watch = Callable[[Event], None]
