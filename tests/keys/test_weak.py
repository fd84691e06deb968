"""K-26: keys that anybody can break are refused wherever keys come in."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from math import factorial, gcd, isqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.client_keys import ClientKeys
from clients.courier import Courier
from clients.networks import Networks
from clients.rules import faults
from keys.foreign import BadKey, foreign_keys
from keys.signing_key import KeyFault, SigningKey, State, thumbprint
from keys.weak import ed25519_flaw, rsa_flaw
from tests.clients.samples import NOON, TAX, client
from tests.desk import open_desk
from tests.idp.test_cli import AGENCIES, REDIRECT, Run, run
from tests.keys.samples import ec_key, one, public, rsa_key
from tests.oidc.registering import open_to_all, refused, registered

__all__ = ["run"]

E = 65537
NEAR = 3 << 1022
PRIMES = (NEAR + 1037, NEAR + 1697, (7 << 1021) + 309, NEAR + (1 << 517) + 89)
P, NEXT, FAR, NOT_SO_NEAR = PRIMES
ORDER_8 = "JuiVj8KyJ7BFw_SJ7_KY8NXfrAXTxjM5sTgCiG1T_AU"
CURVE = 2**255 - 19


def text(number: int, length: int) -> str:
    return urlsafe_b64encode(number.to_bytes(length)).decode().rstrip("=")


def rsa(modulus: int, exponent: int = E) -> dict[str, str]:
    return {"kty": "RSA", "n": text(modulus, -(-modulus.bit_length() // 8)), "e": text(exponent, 3)}


def okp(y: int) -> dict[str, str]:
    x = urlsafe_b64encode(y.to_bytes(32, "little")).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


WEAK: Mapping[str, dict[str, Any]] = {
    "1024 bits": rsa((1 << 1023) + 1),
    "2047 bits": rsa((1 << 2046) + 1),
    "an exponent of 3": rsa(P * FAR, 3),
    "an even exponent": rsa(P * FAR, E + 1),
    "a factor of 3": rsa(3 * P * FAR),
    "a factor of 9973": rsa(9973 * P * FAR),
    "twice the same prime": rsa(P * P),
    "primes next to each other": rsa(P * NEXT),
    "a point off the curve": {**public(ec_key()), "y": public(ec_key())["x"]},
    "no point of Ed25519": okp(2),
    "a point written in two ways": okp(CURVE + 1),
    "the neutral point": okp(1),
    "a point of order 2": okp(CURVE - 1),
    "a point of order 4": okp(0),
    "a point of order 8": {"kty": "OKP", "crv": "Ed25519", "x": ORDER_8},
    "a key to encrypt, to sign": public(ec_key(), use="enc", alg="ES256"),
    "a key of another algorithm": public(rsa_key(), alg="ES256"),
}
weak = pytest.mark.parametrize("jwk", WEAK.values(), ids=WEAK.keys())


def test_the_primes_of_these_tests_are_primes() -> None:
    for prime in PRIMES:
        assert all(pow(base, prime - 1, prime) == 1 for base in (2, 3, 5, 7))
    assert all((P * other).bit_length() == 2048 for other in PRIMES)


def test_a_key_of_two_good_primes_is_taken() -> None:
    for sound in (rsa(P * FAR), rsa(P * NOT_SO_NEAR), public(rsa_key())):
        assert foreign_keys([sound])


def apart(rounds: int) -> int:
    """A modulus without small factors, which Fermat's method takes apart in about so many."""
    a = NEAR + 1
    b = isqrt(2 * a * rounds) & ~1
    while gcd(a * a - b * b, factorial(9_999)) > 1:
        b += 2
    return a * a - b * b


@pytest.mark.parametrize("rounds", [1, 10, 90])
def test_primes_are_too_close_as_far_as_a_hundred_rounds_reach(rounds: int) -> None:
    """Not only neighbours."""
    assert "too close" in (rsa_flaw(apart(rounds), E) or "")


def test_primes_that_are_further_apart_are_good() -> None:
    assert rsa_flaw(apart(200), E) is None


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_whatever_the_octets_are_there_is_an_answer(octets: bytes) -> None:
    """And it never fails in another way."""
    assert (ed25519_flaw(octets) or "A key is a point.").startswith("A key is ")


def test_the_sign_of_a_point_makes_it_no_other() -> None:
    for y in (0, 1, CURVE - 1):
        signed = (y | 1 << 255).to_bytes(32, "little")
        assert (
            ed25519_flaw(signed) == "A key is a point of small order: everybody could sign with it."
        )


@weak
def test_it_is_no_key(jwk: dict[str, Any]) -> None:
    with pytest.raises(BadKey):
        foreign_keys([jwk])


@weak
def test_it_is_a_fault_of_what_is_declared(jwk: dict[str, Any]) -> None:
    """``motcua clients apply``."""
    said = faults(client(**{**TAX, "jwks": [jwk]}), demonstration=False)
    assert any("jwks" in fault for fault in said)


@weak
@pytest.mark.anyio
async def test_it_is_passed_over_at_the_address_of_a_client(jwk: dict[str, Any]) -> None:
    with open_desk() as desk:
        desk.headers = {"Content-Type": "application/json"}
        desk.body = json.dumps({"keys": [jwk, public(ec_key("good"))]}).encode()
        async with Courier(Networks(loopback=True), patience=2) as courier:
            theirs = client(**{**TAX, "jwks": (), "jwks_uri": desk.url("/jwks")})
            assert [key.kid for key in await ClientKeys(courier).of(theirs, NOON)] == ["good"]


@pytest.mark.anyio
async def test_it_is_refused_at_registration(tmp_path: Path) -> None:
    """What cannot even be read is passed over, as kinds are that we do not know."""
    passed_over = {"a point off the curve", *(name for name in WEAK if name.startswith("a key "))}
    async with open_to_all(tmp_path) as world:
        for name, jwk in WEAK.items():
            keys = {"keys": [jwk]}
            if name in passed_over:
                assert "jwks" not in await registered(world, jwks=keys)
            else:
                assert await refused(world, jwks=keys) == "invalid_client_metadata"


@weak
def test_it_is_refused_on_the_command_line(run: Run, tmp_path: Path, jwk: dict[str, Any]) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [jwk]}))
    assert run("clients", "apply", "agencies.toml").exit_code == 0
    words = ("--agency", "trade", "--name", "Shop", *REDIRECT, "--auth", "private_key_jwt")
    refused = run("clients", "add", "shop", *words, "--jwks", "jwks.json")
    assert refused.exit_code == 1, refused.output
    assert "jwks" in refused.output


@pytest.mark.parametrize("name", ["primes next to each other", "a point of order 8"])
def test_a_key_of_ours_that_can_be_broken_signs_nothing(name: str) -> None:
    jwk = WEAK[name]
    alg = "RS256" if jwk["kty"] == "RSA" else "Ed25519"
    said = {**jwk, "alg": alg, "use": "sig", "kid": thumbprint(jwk)}
    with pytest.raises(KeyFault, match="can be broken"):
        SigningKey(said, State.RETIRED, None).prove()
    one(alg).prove()
