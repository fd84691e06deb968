"""Statements that others have signed: the strict way in for what joserfc alone would forgive.

RFC 7515 section 5.2; RFC 8725 sections 3.1, 3.2, 3.5 and 3.11.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from joserfc.jws import JWSRegistry

from keys.compact import LONGEST, BadToken, claims, decoded, json_object, parts
from keys.foreign import ForeignKey, means, newest

LEAST_SECRET = 32  # octets
MOST_TRIES = 4  # keys tried for a statement that names none


def read_statement(
    token: str,
    keys: Sequence[ForeignKey],
    *,
    alg: str,
    types: Collection[str | None],
    longest: int = LONGEST,
) -> dict[str, Any]:
    """The claims of a JWT that one of these keys signed, with this algorithm.

    ``types`` are the ``typ`` that are good, in small letters; None stands for none. ``longest``:
    characters of it. Times are integers but not judged. Raises ``BadToken``.
    """
    head, payload, signature = parts(token, longest)
    header = _checked(json_object(decoded(head)), alg, types)
    message, octets = f"{head}.{payload}".encode(), decoded(signature)
    alg = newest(alg)
    algorithm = JWSRegistry(algorithms=[alg]).get_alg(alg)
    for key in _candidates(keys, alg, header):
        if algorithm.verify(message, octets, key.key):
            return claims(decoded(payload))
    raise BadToken("no registered key made this signature")


def _checked(header: dict[str, Any], alg: str, types: Collection[str | None]) -> dict[str, Any]:
    if not means(header.get("alg"), alg) or "crit" in header or "b64" in header:
        raise BadToken("not the registered algorithm")
    typ = header.get("typ")
    if (typ.lower() if isinstance(typ, str) else typ) not in types:
        raise BadToken("not a statement of this type")
    return header


def _candidates(
    keys: Sequence[ForeignKey], alg: str, header: Mapping[str, Any]
) -> Sequence[ForeignKey]:
    fit = [key for key in keys if alg in key.algs]
    if "kid" in header:
        return [key for key in fit if key.kid == header["kid"]]
    return fit[:MOST_TRIES]


def read_secret_statement(
    token: str, secret: bytes, *, types: Collection[str | None]
) -> dict[str, Any]:
    """The claims of a JWT that was made with this secret: HMAC with SHA-256.

    RFC 7518 section 3.2. Raises ``BadToken``.
    """
    head, payload, signature = parts(token)
    _checked(json_object(decoded(head)), "HS256", types)
    made = hmac.digest(secret, f"{head}.{payload}".encode(), "sha256")
    if len(secret) < LEAST_SECRET or not hmac.compare_digest(made, decoded(signature)):
        raise BadToken("not made with the secret")
    return claims(decoded(payload))


def named_key(token: str, longest: int = LONGEST) -> str | None:
    """The ``kid`` that a JWT names, before any of it is believed. Raises ``BadToken``."""
    kid = json_object(decoded(parts(token, longest)[0])).get("kid")
    return kid if isinstance(kid, str) else None


def named_algorithm(token: str) -> str:
    """The ``alg`` that a JWT names, likewise unproven; nothing where it cannot be read."""
    with suppress(BadToken):
        alg = json_object(decoded(parts(token)[0])).get("alg")
        return alg if isinstance(alg, str) else ""
    return ""
