"""That a signing key may be somebody else's: a security event token. RFC 8417 section 2.

Its type keeps it from being taken for an ID token (section 4.5), and it never has a ``sub``.
"""

from typing import Any

from keys.lives.lifecycle import Life
from store.micros import seconds

TYPE = "secevent+jwt"
EVENT = "urn:nid:event:key-compromised"


def notice_claims(
    lost: Life, signs: Life | None, *, issuer: str, jti: str, now: int
) -> dict[str, Any]:
    """What the lost key signed is worth nothing, whatever time it says.

    ``not_before``: the moment it was given up. Who has kept of a session only when its token was
    issued ends those that are older. ``signs``: who signs with this algorithm now.
    """
    at = lost.compromised_at
    said = {
        "kid": lost.kid,
        "alg": lost.alg,
        "not_before": None if at is None else seconds(at),
        "successor": None if signs is None else signs.kid,
    }
    known = {name: it for name, it in said.items() if it is not None}
    return {"iss": issuer, "iat": seconds(now), "jti": jti, "events": {EVENT: known}}
