"""What became of signing keys: kinds of events, exported by ``ledger/kinds.py``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade:
    """``actor``: who, by the name of an office or of a login; ``reason``: theirs."""

    event_id: str
    kid: str
    alg: str
    state: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTurned:
    """From state ``was`` to ``state``, by a step of ``keys/lives/lifecycle.py``.

    ``override``: why it signs although the services ``behind`` have not fetched it; ``officers``
    answer for that. Empty where nobody had to.
    """

    event_id: str
    kid: str
    alg: str
    step: str
    was: str
    state: str
    actor: str
    reason: str
    override: str = ""
    officers: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHeld:
    """It was to sign and does not: the services ``behind`` have not fetched it.

    ``share_ppm``: of the sign-ins that it is for, so many in a million are theirs.
    """

    event_id: str
    kid: str
    alg: str
    behind: tuple[str, ...]
    share_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOverdue:
    """It signs, and has reached so many ``per_cent`` of its cryptoperiod."""

    event_id: str
    kid: str
    alg: str
    per_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRefused:
    """Told to the log, not kept: the place where a private part lies did not sign."""

    provider: str
    kid: str
    why: str


Signing = KeyMade | KeyTurned | KeyHeld | KeyOverdue
