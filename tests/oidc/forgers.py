"""Who could sign a token: every key there is, with every algorithm that a header could name."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys.algorithms import ALGORITHMS, PrivateKey
from keys.signing_key import SigningKey, private_key, public_members
from tests.keys.samples import one, signed
from tests.world import World

NAMES = (*ALGORITHMS, "ES384", "HS256", "none", "NONE", "")
"""Of algorithms, as a header may say them."""


@dataclass(frozen=True)
class Forger:
    """``alg`` is what the key is for. A secret signs with HMAC, whatever the header says.

    What a header names is done with a key that can do it, though it is for something else.
    """

    name: str
    kid: str
    alg: str
    key: PrivateKey | bytes

    def sign(self, alg: str, message: bytes) -> bytes:
        if isinstance(self.key, bytes):
            return hmac.digest(self.key, message, "sha256") if self.key else b"\0"
        named = ALGORITHMS.get(alg)
        able = named is not None and isinstance(self.key, named.kind)
        return ALGORITHMS[alg if able else self.alg].signer(self.key)(message)


@dataclass(frozen=True)
class Cell:
    """A token, and how it came to be."""

    forger: Forger
    alg: str
    kid: str | None
    token: str

    def __str__(self) -> str:
        return f"{self.alg or 'nothing'} by {self.forger.name}, named {self.kid}"


def cells(
    forgers: Iterable[Forger],
    typ: str | None,
    claims: Iterator[Mapping[str, Any]],
    *also: str | None,
) -> Iterator[Cell]:
    """Each algorithm with each key, under the key's own name and under others."""
    for forger in forgers:
        for kid in dict.fromkeys((forger.kid, *also)):
            for alg in NAMES:
                said = {"typ": typ, "alg": alg, "kid": kid}
                header = {name: value for name, value in said.items() if value is not None}
                token = signed(header, next(claims), lambda m, f=forger, a=alg: f.sign(a, m))
                yield Cell(forger, alg, kid, token)


def ours(world: World) -> list[Forger]:
    """The provider's own keys, from its database."""
    vault = world.house.parts.storage.vault
    found = world.sql.execute(
        "SELECT kid, alg, private_sealed FROM signing_key WHERE state = 'active'"
    )
    return [
        Forger(f"our {alg}", kid, alg, private_key(vault.open(sealed, f"{PLACE}{kid}")))
        for kid, alg, sealed in found
    ]


PLACE = "signing_key.private_sealed:"


def owned(owner: str, algs: Iterable[str]) -> list[Forger]:
    """The keys of somebody else, under their own names."""
    return [_forger(owner, one(alg), one(alg).kid) for alg in algs]


def disguised(owner: str, victims: Iterable[Forger]) -> list[Forger]:
    """The keys of somebody else, under the names of these."""
    return [_forger(owner, one(victim.alg), victim.kid) for victim in victims]


def _forger(owner: str, key: SigningKey, kid: str) -> Forger:
    assert key.private is not None
    return Forger(f"{owner} {key.alg}", kid, key.alg, key.private)


def secrets_of(victims: Iterable[Forger]) -> Iterator[Forger]:
    """RFC 8725 section 2.1: what all the world knows of a key, used as if it were a secret."""
    for victim in victims:
        assert not isinstance(victim.key, bytes)
        public = victim.key.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        yield Forger(f"the PEM of {victim.name}", victim.kid, "HS256", pem)
        jwk = orjson.dumps(public_members(victim.key, victim.alg))
        yield Forger(f"the JWK of {victim.name}", victim.kid, "HS256", jwk)
        yield Forger(f"nobody, for {victim.name}", victim.kid, "HS256", b"")
