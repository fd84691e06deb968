"""What a client that registered itself is told. RFC 7591 section 3.2.1; RFC 7592 section 3."""

from dataclasses import dataclass

from clients.model import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """``token`` manages it; ``secret`` only when it is a new one. ``issued_at``: microseconds."""

    client: Client
    issued_at: int
    token: str
    secret: str | None = None
