"""The public part of a key in a token, as members of a JWK.

PKCS #11 section 2.3.5 (the point, in an OCTET STRING); RFC 7518 section 6; RFC 8037 section 2.
"""

from typing import Any, Protocol

from pkcs11 import Attribute

from keys.compact import encoded
from keys.signers.held import CannotSign

COORDINATE = 32
UNCOMPRESSED = b"\x04"


class Attributes(Protocol):
    """Of an object in a token."""

    def __getitem__(self, name: Attribute, /) -> Any: ...


def ec_members(key: Attributes) -> dict[str, str]:
    point = _point(key, 1 + 2 * COORDINATE)
    if point[:1] != UNCOMPRESSED:
        raise CannotSign("the token shows a public key in a form that is not ours")
    x, y = point[1 : 1 + COORDINATE], point[1 + COORDINATE :]
    return {"kty": "EC", "crv": "P-256", "x": _text(x), "y": _text(y)}


def ed25519_members(key: Attributes) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": _text(_point(key, COORDINATE))}


def rsa_members(key: Attributes) -> dict[str, str]:
    """RFC 7518 section 6.3.1: without leading zeros."""
    n, e = (key[name].lstrip(b"\0") for name in (Attribute.MODULUS, Attribute.PUBLIC_EXPONENT))
    return {"kty": "RSA", "n": _text(n), "e": _text(e)}


def _point(key: Attributes, length: int) -> bytes:
    """Some modules leave out the OCTET STRING around it."""
    said: bytes = key[Attribute.EC_POINT]
    if len(said) == length + 2 and said[:2] == bytes((0x04, length)):
        said = said[2:]
    if len(said) != length:
        raise CannotSign("the token shows a public key in a form that is not ours")
    return said


def _text(octets: bytes) -> str:
    return encoded(octets).decode()
