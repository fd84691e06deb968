"""Passkeys: discoverable, user-verified credentials. WebAuthn Level 3; rules W-01 to W-15.

The ``webauthn`` library verifies; what it is lenient about, ``answer.py`` refuses before.
"""

from dataclasses import dataclass


class PasskeyRefused(Exception):
    """Not accepted. ``why`` is one of our own words: for the log, never for the person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class StrangerKnocked(PasskeyRefused):
    """Not accepted, and of nobody whom we know: told, and not kept."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who the passkeys are for: WebAuthn sections 4 (RP ID) and 13.4.9 (origins)."""

    rp_id: str
    origin: str
    name: str = "Một Cửa"
