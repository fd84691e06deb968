"""Services as the gate sees them, and who has fetched what."""

from typing import Any

from keys.readiness.judge import Fetch, Service
from tests.keys.samples import NOON


def service(client_id: str, sign_ins: int = 0, **changes: Any) -> Service:
    """Known, and signed to by ES256, except for what is said."""
    said: dict[str, Any] = {
        "client_id": client_id,
        "name": client_id.title(),
        "agency_id": "trade",
        "known": True,
        "algs": frozenset({"ES256"}),
        "sign_ins": sign_ins,
    }
    return Service(**{**said, **changes})


def fetch(client_id: str, kid: str, at: int = NOON) -> Fetch:
    return Fetch(client_id, kid, at, at)
