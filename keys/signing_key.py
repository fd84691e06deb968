"""One signing key: how it is made, shown, stored and proven.

RFC 7517 section 4 (members); RFC 7518 sections 3.3, 3.4 and 6; RFC 7638 (its name).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from keys.compact import encoded

RSA_BITS = 3072
_COORDINATE = 32  # bytes of a P-256 coordinate, and of each half of a signature
_NAMING = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
_ALSO = frozenset({"alg", "kid", "use"})
_ES256 = ec.ECDSA(SHA256())

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Sign = Callable[[bytes], bytes]


class State(StrEnum):
    """Published: coming. Retiring: still checks. Retired: only in our archive."""

    PUBLISHED = "published"
    ACTIVE = "active"
    RETIRING = "retiring"
    RETIRED = "retired"


class KeyFault(Exception):
    """A key is not what it says it is. Nothing may be signed with it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``public`` has the public members only; ``private`` is there while it may be needed."""

    public: Mapping[str, str]
    state: State
    private: PrivateKey | None

    @property
    def kid(self) -> str:
        return self.public["kid"]

    @property
    def alg(self) -> str:
        return self.public["alg"]

    def signer(self) -> Sign:
        """Only an active key has one. Raises ``KeyFault``."""
        if self.state is not State.ACTIVE or self.private is None:
            raise KeyFault(f"key {self.kid} is not active")
        return _sign(self.private)

    def checker(self) -> Callable[[bytes, bytes], bool]:
        """Says whether this message has this signature."""
        kind = ECKey if self.public["kty"] == "EC" else RSAKey
        algorithm = JWSRegistry(algorithms=[self.alg]).get_alg(self.alg)
        return partial(algorithm.verify, key=kind.import_key(dict(self.public)))

    def prove(self) -> None:
        """It is what its public part and its name say, and it signs. Raises ``KeyFault``."""
        if self.public.keys() != _ALSO.union(_NAMING[self.public["kty"]]):
            raise KeyFault(f"key {self.kid} is shown with members it must not have")
        if self.kid != thumbprint(self.public):
            raise KeyFault(f"key {self.kid} has the name of another")
        if self.private is None:
            return
        if public_members(self.private) != self.public:
            raise KeyFault(f"key {self.kid}: its private part belongs to another")
        if not self.checker()(b"self-test", _sign(self.private)(b"self-test")):
            raise KeyFault(f"key {self.kid} does not check what it signed")


def generate(alg: str, state: State) -> SigningKey:
    """A fresh key for ``ES256`` or ``RS256``."""
    private: PrivateKey = (
        ec.generate_private_key(ec.SECP256R1())
        if alg == "ES256"
        else rsa.generate_private_key(65537, RSA_BITS)
    )
    return SigningKey(public_members(private), state, private)


def public_members(private: PrivateKey) -> dict[str, str]:
    """All that is ever shown of a key, built member by member so that nothing slips through."""
    if isinstance(private, rsa.RSAPrivateKey):
        rsa_numbers = private.public_key().public_numbers()
        said = {"kty": "RSA", "alg": "RS256", "n": _number(rsa_numbers.n, private.key_size // 8)}
        said["e"] = _number(rsa_numbers.e, 3)
    else:
        point = private.public_key().public_numbers()
        said = {"kty": "EC", "alg": "ES256", "crv": "P-256"}
        said |= {"x": _number(point.x, _COORDINATE), "y": _number(point.y, _COORDINATE)}
    return {**said, "use": "sig", "kid": thumbprint(said)}


def thumbprint(public: Mapping[str, Any]) -> str:
    """RFC 7638: the digest of what makes the key this key."""
    named = {name: public[name] for name in _NAMING[public["kty"]]}
    text = orjson.dumps(named, option=orjson.OPT_SORT_KEYS)
    return encoded(hashlib.sha256(text).digest()).decode()


def private_octets(private: PrivateKey) -> bytes:
    """PKCS #8, to be sealed."""
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def private_key(octets: bytes) -> PrivateKey:
    """What ``private_octets`` gave. The seal and ``prove`` vouch for the primes, in less time."""
    key = load_der_private_key(octets, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, PrivateKey):
        raise KeyFault("a key of an unknown kind")
    return key


def _sign(private: PrivateKey) -> Sign:
    if isinstance(private, rsa.RSAPrivateKey):
        return partial(private.sign, padding=padding.PKCS1v15(), algorithm=SHA256())
    return partial(_sign_es256, private)


def _sign_es256(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """RFC 7518 section 3.4: the two numbers side by side, not DER."""
    r, s = decode_dss_signature(private.sign(message, _ES256))
    return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


def _number(value: int, length: int) -> str:
    return encoded(value.to_bytes(length)).decode()
