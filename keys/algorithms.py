"""The algorithms that our keys sign with, and what each does with its key.

RFC 7518 sections 3.3 to 3.5 and 6; RFC 8037 section 2; RFC 9864 section 2.2. ``Ed25519`` and
``EdDSA`` are two names of one algorithm: some clients know only the old one. A key has one name
for what it does, so each of the two has keys of its own (RFC 8725 section 3.1).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keys.compact import encoded

RSA_BITS = 3072
_COORDINATE = 32  # bytes of a P-256 coordinate, and of each half of a signature
_ES256 = ec.ECDSA(Prehashed(SHA256()))  # hashlib is there in a third of the time
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Algorithm:
    """``kind`` of private key, how one is made, and what signs with it.

    ``library`` is the name by which joserfc checks it without a warning.
    """

    kind: type[PrivateKey]
    make: Callable[[], PrivateKey]
    signer: Callable[[Any], Sign]
    library: str


def _rsa() -> PrivateKey:
    return rsa.generate_private_key(65537, RSA_BITS)


def _rsa_signer(scheme: padding.AsymmetricPadding) -> Callable[[rsa.RSAPrivateKey], Sign]:
    return lambda key: partial(key.sign, padding=scheme, algorithm=SHA256())


def _es256_signer(key: ec.EllipticCurvePrivateKey) -> Sign:
    return partial(_sign_es256, key)


def _sign_es256(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """RFC 7518 section 3.4: the two numbers side by side, not DER."""
    r, s = decode_dss_signature(key.sign(hashlib.sha256(message).digest(), _ES256))
    return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


def _ed25519_signer(key: Ed25519PrivateKey) -> Sign:
    return key.sign


_ED25519 = Algorithm(Ed25519PrivateKey, Ed25519PrivateKey.generate, _ed25519_signer, "Ed25519")
ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType(
    {
        "ES256": Algorithm(
            ec.EllipticCurvePrivateKey,
            partial(ec.generate_private_key, ec.SECP256R1()),
            _es256_signer,
            "ES256",
        ),
        "RS256": Algorithm(rsa.RSAPrivateKey, _rsa, _rsa_signer(padding.PKCS1v15()), "RS256"),
        "PS256": Algorithm(rsa.RSAPrivateKey, _rsa, _rsa_signer(_PSS), "PS256"),
        "Ed25519": _ED25519,
        "EdDSA": _ED25519,
    }
)


def members(private: PrivateKey) -> dict[str, str]:
    """What makes its public part this key, built one by one so that nothing slips through."""
    if isinstance(private, rsa.RSAPrivateKey):
        pair = private.public_key().public_numbers()
        n = _number(pair.n, private.key_size // 8)
        return {"kty": "RSA", "n": n, "e": _number(pair.e, 3)}
    if isinstance(private, Ed25519PrivateKey):
        x = encoded(private.public_key().public_bytes_raw()).decode()
        return {"kty": "OKP", "crv": "Ed25519", "x": x}
    point = private.public_key().public_numbers()
    x, y = (_number(value, _COORDINATE) for value in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _number(value: int, length: int) -> str:
    return encoded(value.to_bytes(length)).decode()
