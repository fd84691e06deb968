"""Encrypting for somebody else, with a public key of theirs.

RFC 7516 section 5.1; RFC 7518 sections 4.3, 4.6 and 5.3; OpenID Connect Core sections 10.2 and
10.2.1. Nothing is compressed (RFC 8725 section 3.6), and there is neither RSA1_5 nor a password
nor a key that two know. We encrypt and never decrypt.
"""

from collections.abc import Sequence

from joserfc import jwe

from keys.foreign import ENCRYPTING, ForeignKey

ALGS: tuple[str, ...] = tuple(alg for algs in ENCRYPTING.values() for alg in algs)
ENCS = ("A128GCM", "A256GCM")


def key_for(keys: Sequence[ForeignKey], alg: str) -> ForeignKey | None:
    """The first that is for this; one that says so before one that only could."""
    fit = [key for key in keys if alg in key.algs]
    return min(fit, key=lambda key: len(key.algs), default=None)


def encrypted(plain: bytes, key: ForeignKey, *, alg: str, enc: str, nested: bool) -> str:
    """In compact form. ``nested``: it is a signed JWT (RFC 7519 section 5.2)."""
    header = {"alg": alg, "enc": enc}
    if key.kid is not None:
        header["kid"] = key.kid
    if nested:
        header["cty"] = "JWT"
    return jwe.encrypt_compact(header, plain, key.key, algorithms=[alg, enc])
