"""Relying parties as there are: each keeps our key set so long, and looks again or does not."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from keys.compact import BadToken
from keys.ring import KeyRing
from keys.statement import named_key
from store.micros import DAY, HOUR, MINUTE


@dataclass
class RelyingParty:
    """``keeps`` a key set so long. ``cools``: at a key it does not know it looks again, at most so
    often; None: it never does. ``heard``: what hears that it fetches, if anything does.
    """

    name: str
    keeps: int
    cools: int | None = None
    keys: dict[str, Any] = field(default_factory=dict)
    fetched_at: int = -DAY * 365
    heard: Callable[[str, KeyRing, int], None] | None = None

    def believes(self, token: str, ring: KeyRing, now: int) -> bool:
        """``ring``: what our key set says at this moment."""
        if now - self.fetched_at >= self.keeps:
            self.fetch(ring, now)
        kid = named_key(token)
        if kid not in self.keys and self.cools is not None and now - self.fetched_at >= self.cools:
            self.fetch(ring, now)
        if kid is None or kid not in self.keys:
            return False
        return bool(jwt.decode(token, self.keys[kid], algorithms=["ES256"]).claims)

    def fetch(self, ring: KeyRing, now: int) -> None:
        said = json.loads(ring.jwks_body)["keys"]
        self.keys = {key["kid"]: ECKey.import_key(key) for key in said}
        self.fetched_at = now
        if self.heard is not None:
            self.heard(self.name, ring, now)


def all_kinds() -> list[RelyingParty]:
    return [
        RelyingParty("five minutes", 5 * MINUTE),
        RelyingParty("fifteen minutes", 15 * MINUTE),
        RelyingParty("half a day", 12 * HOUR),
        RelyingParty("a day", DAY),
        RelyingParty("a day, but looks again", DAY, cools=10 * MINUTE),
    ]


def is_ours(token: str, ring: KeyRing) -> bool:
    try:
        return bool(ring.verify(token, typ="JWT"))
    except BadToken:
        return False
