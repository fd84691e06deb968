"""Whom the client expects. OpenID Connect Core sections 3.1.2.1 (``id_token_hint``) and 5.5.1.

Our own signature, also by a key that has retired; its time may be up.
"""

from typing import Any

from keys.ring import BadToken, KeyRing
from oidc.errors import InvalidRequest


def subjects_of(hint: str | None, claimed: frozenset[str], ring: KeyRing) -> frozenset[str]:
    """Those who may be meant; none of them, and anybody may be."""
    if hint is None:
        return claimed
    subject: str = read(hint, ring)["sub"]
    if claimed and subject not in claimed:
        raise InvalidRequest("id_token_hint and claims mean different persons")
    return frozenset({subject})


def read(hint: str, ring: KeyRing) -> dict[str, Any]:
    try:
        return dict(ring.verify(hint, typ="JWT"))
    except BadToken as error:
        raise InvalidRequest(
            "id_token_hint is not ours", public="Parameter id_token_hint is malformed."
        ) from error
