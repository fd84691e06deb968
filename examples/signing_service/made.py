"""Keys in the memory of this program, as a real service has them in its hardware."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

BITS = 3072
_HASHED = Prehashed(SHA256())
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)


class UnknownAlgorithm(Exception):
    """Nothing is made or signed with it."""


@dataclass(frozen=True)
class Made:
    """``sign`` takes a digest with SHA-256, or the message itself where ``whole``."""

    alg: str
    jwk: dict[str, str]
    sign: Callable[[bytes], bytes]
    whole: bool = False


@dataclass
class Safe:
    """All keys, by reference."""

    keys: dict[str, Made] = field(default_factory=dict)

    def make(self, alg: str) -> str:
        if alg not in MAKERS:
            raise UnknownAlgorithm
        reference = secrets.token_urlsafe(16)
        self.keys[reference] = MAKERS[alg](alg)
        return reference


def p256(alg: str) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_numbers()

    def sign(digest: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(digest, ec.ECDSA(_HASHED)))
        return r.to_bytes(32) + s.to_bytes(32)

    x, y = (text(value.to_bytes(32)) for value in (point.x, point.y))
    return Made(alg, {"kty": "EC", "crv": "P-256", "x": x, "y": y}, sign)


def rsa_3072(alg: str) -> Made:
    key = rsa.generate_private_key(65537, BITS)
    scheme = _PSS if alg == "PS256" else padding.PKCS1v15()
    n = text(key.public_key().public_numbers().n.to_bytes(BITS // 8))
    jwk = {"kty": "RSA", "n": n, "e": text((65537).to_bytes(3))}
    return Made(alg, jwk, lambda digest: key.sign(digest, scheme, _HASHED))


def ed25519(alg: str) -> Made:
    key = Ed25519PrivateKey.generate()
    x = text(key.public_key().public_bytes_raw())
    return Made(alg, {"kty": "OKP", "crv": "Ed25519", "x": x}, key.sign, whole=True)


MAKERS: dict[str, Callable[[str], Made]] = {
    "ES256": p256,
    "RS256": rsa_3072,
    "PS256": rsa_3072,
    "Ed25519": ed25519,
    "EdDSA": ed25519,
}


def text(octets: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
