"""What security officers did about themselves: kinds of events.

What they do to keys is told by ``KeyTurned``, whose ``actor`` is then ``officer <officer_id>``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersInvited:
    """``links``: how many may be taken now."""

    event_id: str
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerJoined:
    """``place``: of which of the first links."""

    event_id: str
    officer_id: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignedIn:
    """Or proved once more, in the same session, who they are."""

    event_id: str
    officer_id: str
    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignInFailed:
    """With an officer's passkey. ``reason``: one of our own words."""

    event_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignedOut:
    event_id: str
    officer_id: str
    session_id: str


Officers = (
    OfficersInvited | OfficerJoined | OfficerSignedIn | OfficerSignInFailed | OfficerSignedOut
)
"""For ``ledger/kinds.py``."""
