"""Whom the client expects. OpenID Connect Core sections 3.1.2.1 (``id_token_hint``) and 5.5.1.

Our own signature, also by a key that has retired; its time may be up.
"""

from typing import Any

from keys.ring import BadToken, KeyRing
from oidc.errors import InvalidRequest


def subject_of(hint: str | None, claimed: str | None, ring: KeyRing) -> str | None:
    if hint is None:
        return claimed
    subject: str = read(hint, ring)["sub"]
    if claimed not in (None, subject):
        raise InvalidRequest("id_token_hint and claims mean different persons")
    return subject


def read(hint: str, ring: KeyRing) -> dict[str, Any]:
    try:
        return dict(ring.verify(hint, typ="JWT"))
    except BadToken as error:
        raise InvalidRequest(
            "id_token_hint is not ours", public="Parameter id_token_hint is malformed."
        ) from error
