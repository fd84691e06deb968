"""What was decided, issued, released and ended: kinds of events, exported by ``ledger/kinds.py``.

Attributes by their ids, never by their values.
"""

from typing import Literal

from store.value import as_value


@as_value(kw_only=True)
class DecisionMade:
    """``given`` and ``refused`` are attribute ids; the notice is what was read."""

    event_id: str
    record_id: str
    account_id: str
    client_id: str
    purpose_id: str
    purpose_version: int
    given: tuple[str, ...]
    refused: tuple[str, ...]
    session_id: str
    acr: str
    language: str
    notice_sha256: str


@as_value(kw_only=True)
class DecisionRefused:
    event_id: str
    account_id: str
    client_id: str
    purpose_id: str
    purpose_version: int
    asked: tuple[str, ...]
    notice_sha256: str


@as_value(kw_only=True)
class RecordWithdrawn:
    event_id: str
    record_id: str
    account_id: str


@as_value(kw_only=True)
class RecordNarrowed:
    """One attribute was ``stopped``: the record ``superseded`` has this one in its place."""

    event_id: str
    record_id: str
    superseded: str
    account_id: str
    client_id: str
    stopped: str


@as_value(kw_only=True)
class TokenIssued:
    """``event_id`` is the token's ``jti``. ``subject`` is pairwise, or the client itself."""

    event_id: str
    grant_id: str
    client_id: str
    account_id: str | None
    subject: str
    grant_type: str


@as_value(kw_only=True)
class TokenRevoked:
    """One token of a grant that lives on."""

    event_id: str
    jti: str
    client_id: str


@as_value(kw_only=True)
class GrantEnded:
    event_id: str
    grant_id: str
    reason: Literal["code replayed", "refresh token reused", "revoked"]


@as_value(kw_only=True)
class TokenForged:
    """Told to the log, not kept: the key ``kid`` signed it, and we never issued it."""

    kid: str


@as_value(kw_only=True)
class RefreshTokensRevoked:
    """All of a client: the signing key ``kid`` may be somebody else's."""

    event_id: str
    client_id: str
    kid: str


@as_value(kw_only=True)
class DataReleased:
    """An agency looked. ``attributes`` are those that left; ``txn`` is what registers were told."""

    event_id: str
    grant_id: str
    record_id: str | None
    client_id: str
    account_id: str
    purpose_id: str
    purpose_version: int
    attributes: tuple[str, ...]
    registers: tuple[str, ...]
    txn: str
