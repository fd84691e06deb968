"""One signing key: how it is made, shown, stored and proven.

RFC 7517 section 4 (members); RFC 7638 and RFC 8037 section 2 (its name).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import orjson
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from joserfc.jwk import import_key
from joserfc.jws import JWSRegistry

from keys.algorithms import ALGORITHMS, PrivateKey, Sign, members
from keys.compact import encoded
from keys.signers.held import Check, Held, SignElsewhere
from keys.weak import flaw

NAMING = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}
_ALSO = frozenset({"alg", "kid", "use"})


class State(StrEnum):
    """Published: coming. Retiring: still checks. Retired: only in our archive.

    Suspended and compromised: nobody believes it, for the time being or for ever.
    """

    PUBLISHED = "published"
    ACTIVE = "active"
    RETIRING = "retiring"
    RETIRED = "retired"
    SUSPENDED = "suspended"
    COMPROMISED = "compromised"
    PENDING_DESTRUCTION = "pending_destruction"
    DESTROYED = "destroyed"


SHOWN = frozenset({State.PUBLISHED, State.ACTIVE, State.RETIRING})


class KeyFault(Exception):
    """A key is not what it says it is. Nothing may be signed with it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``public`` has the public members only. The private part is there while it may be needed.

    It is here, ``private``, or elsewhere, ``held``.
    """

    public: Mapping[str, str]
    state: State
    private: PrivateKey | None
    held: Held | None = None

    @property
    def kid(self) -> str:
        return self.public["kid"]

    @property
    def alg(self) -> str:
        return self.public["alg"]

    def signer(self) -> Sign:
        """Only an active key that is here has one. Raises ``KeyFault``."""
        if self.state is not State.ACTIVE or self.private is None:
            raise KeyFault(f"key {self.kid} is not active, or not here")
        return ALGORITHMS[self.alg].signer(self.private)

    def signer_elsewhere(self) -> SignElsewhere:
        """Only an active key that another holds has one. Raises ``KeyFault``."""
        if self.state is not State.ACTIVE or self.held is None:
            raise KeyFault(f"key {self.kid} is not active, or not elsewhere")
        return self.held.signer(self.kid, self.alg, self.checker())

    def checker(self) -> Check:
        """Says whether this message has this signature."""
        name = ALGORITHMS[self.alg].library
        algorithm = JWSRegistry(algorithms=[name]).get_alg(name)
        public: dict[str, str | list[str]] = {**self.public, "alg": name}
        return partial(algorithm.verify, key=import_key(public))

    def prove(self) -> None:
        """It is what its public part and its name say, and it signs. Raises ``KeyFault``.

        What another holds is not asked: ``Keepers.prove`` does that.
        """
        if self.public.keys() != _ALSO.union(NAMING[self.public["kty"]]):
            raise KeyFault(f"key {self.kid} is shown with members it must not have")
        if self.kid != thumbprint(self.public):
            raise KeyFault(f"key {self.kid} has the name of another")
        weak = flaw(self.public)
        if weak is not None:
            raise KeyFault(f"key {self.kid} can be broken: {weak}")
        if self.private is None:
            return
        algorithm = ALGORITHMS[self.alg]
        fits = isinstance(self.private, algorithm.kind)
        if not fits or public_members(self.private, self.alg) != self.public:
            raise KeyFault(f"key {self.kid}: its private part belongs to another")
        if not self.checker()(b"self-test", algorithm.signer(self.private)(b"self-test")):
            raise KeyFault(f"key {self.kid} does not check what it signed")


def generate(alg: str, state: State) -> SigningKey:
    """A fresh key for one of ``keys.algorithms``."""
    private = ALGORITHMS[alg].make()
    return SigningKey(public_members(private, alg), state, private)


def public_members(private: PrivateKey, alg: str) -> dict[str, str]:
    """All that is ever shown of a key."""
    return shown(members(private), alg)


def shown(said: Mapping[str, str], alg: str) -> dict[str, str]:
    """A public part as the key set shows it. ``said``: what makes it this key."""
    return {**said, "alg": alg, "use": "sig", "kid": thumbprint(said)}


def thumbprint(public: Mapping[str, Any]) -> str:
    """RFC 7638: the digest of what makes the key this key."""
    named = {name: public[name] for name in NAMING[public["kty"]]}
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
