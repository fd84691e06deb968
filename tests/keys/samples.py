"""Keys and tokens that several tests begin with. RSA keys take long to make: one of each size."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from joserfc.jwk import ECKey, OKPKey, RSAKey

from keys.algorithms import ALGORITHMS
from keys.compact import encoded
from keys.ring import KeyRing
from keys.signing_key import SigningKey, State, generate

NOON = 1_893_499_200_250_000
CLAIMS: dict[str, Any] = {"iss": "https://id.example", "sub": "s-1", "exp": 1_893_499_500}


@cache
def ec_key(name: str = "one") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name})


@cache
def rsa_key(bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": f"rsa {bits}"})


@cache
def one(alg: str) -> SigningKey:
    """The one of its algorithm that signs here."""
    return generate(alg, State.ACTIVE)


def rs256() -> SigningKey:
    return one("RS256")


def es256(state: State = State.ACTIVE) -> SigningKey:
    return generate("ES256", state)


def new_ring() -> KeyRing:
    """A real one, with a fresh key that is kept nowhere."""
    return KeyRing([es256()])


@cache
def full_ring() -> KeyRing:
    """One that signs with every algorithm."""
    return KeyRing([one(alg) for alg in ALGORITHMS])


def public(key: ECKey | OKPKey | RSAKey, **changes: Any) -> dict[str, Any]:
    """Its JWK; a member changed to None is left out."""
    jwk = {**key.as_dict(private=False), **changes}
    return {name: value for name, value in jwk.items() if value is not None}


def signed(header: Mapping[str, Any] | bytes, payload: Mapping[str, Any] | bytes, key: Any) -> str:
    """A token as an attacker makes it who has this key: whatever they like in it."""
    head, body = (it if isinstance(it, bytes) else orjson.dumps(it) for it in (header, payload))
    message = encoded(head) + b"." + encoded(body)
    return (message + b"." + encoded(key(message))).decode()
