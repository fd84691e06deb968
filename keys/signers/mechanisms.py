"""How a token makes the key of each algorithm, keeps it, and signs with it.

PKCS #11 sections 2.1 (RSA), 2.3 (elliptic curves) and 4.9 (private keys); K-22 and K-23. The
digest is made here, what is to be signed never enters the token; Ed25519 alone wants all of it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pkcs11 import MGF, Attribute, KeyType, Mechanism, MechanismFlag

from keys.signers.public import ec_members, ed25519_members, rsa_members

P256 = bytes.fromhex("06082a8648ce3d030107")  # the object identifier, in DER
ED25519 = b"\x13\x0cedwards25519"  # section 2.3.10: its name, as a PrintableString
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 section 9.2
_OTHER_USES = ("DECRYPT", "UNWRAP", "SIGN_RECOVER", "DERIVE")
ASKED: Mapping[Attribute, bool] = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.MODIFIABLE: False,
    Attribute.SIGN: True,
    **{Attribute[name]: False for name in _OTHER_USES},
}
# What the token says of itself: made in it, and at no time otherwise.
SAID = (Attribute.LOCAL, Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE)
PAIR = MechanismFlag.SIGN | MechanismFlag.VERIFY


def _whole(message: bytes) -> bytes:
    return message


def _digest(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()


def _digest_info(message: bytes) -> bytes:
    return SHA256_INFO + _digest(message)


@dataclass(frozen=True, slots=True)
class How:
    """To make a key, to read its public part, and to sign."""

    kind: KeyType
    curve: bytes | None
    members: Callable[[Any], dict[str, str]]
    prepare: Callable[[bytes], bytes]
    mechanism: Mechanism
    parameters: tuple[Mechanism, MGF, int] | None = None


_ED = How(KeyType.EC_EDWARDS, ED25519, ed25519_members, _whole, Mechanism.EDDSA)
HOW: Mapping[str, How] = {
    "ES256": How(KeyType.EC, P256, ec_members, _digest, Mechanism.ECDSA),
    "RS256": How(KeyType.RSA, None, rsa_members, _digest_info, Mechanism.RSA_PKCS),
    "PS256": How(
        KeyType.RSA,
        None,
        rsa_members,
        _digest,
        Mechanism.RSA_PKCS_PSS,
        (Mechanism.SHA256, MGF.SHA256, 32),
    ),
    "Ed25519": _ED,
    "EdDSA": _ED,
}
