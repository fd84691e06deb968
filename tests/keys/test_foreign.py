"""Keys of others are sound or refused, and their statements read strictly. Rules J1 to J9."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey
from joserfc.jws import JWSRegistry

from keys.compact import LONGEST, BadToken
from keys.foreign import MOST_KEYS, MOST_TRIES, BadKey, foreign_keys, read_statement
from tests.keys.samples import CLAIMS, ec_key, public, rsa_key, signed

TYPES = (None, "jwt")
P384 = ECKey.generate_key("P-384")
ODD = public(rsa_key())
EVEN = urlsafe_b64encode(((1 << 2047) + 2).to_bytes(256)).decode().rstrip("=")


def signer(alg: str, key: Any) -> Callable[[bytes], bytes]:
    algorithm = JWSRegistry(algorithms=[alg]).get_alg(alg)
    return lambda message: algorithm.sign(message, key)


ES256, PS256 = signer("ES256", ec_key()), signer("PS256", rsa_key())
HEADER = {"alg": "ES256", "kid": "one"}


def read(token: str, *jwks: Mapping[str, Any], alg: str = "ES256") -> dict[str, Any]:
    return read_statement(token, foreign_keys(jwks), alg=alg, types=TYPES)


@pytest.mark.parametrize(
    "jwk",
    [
        public(ec_key()),
        public(ec_key(), kid=None),
        public(ec_key(), use="sig", alg="ES256", key_ops=["verify"]),
        public(rsa_key()),
        public(rsa_key(), alg="PS256", x5t="anything"),
    ],
)
def test_a_sound_key_is_taken(jwk: dict[str, Any]) -> None:
    (key,) = foreign_keys([jwk])
    alg = {"EC": "ES256", "RSA": "PS256"}[jwk["kty"]]
    assert (key.kid, key.alg) == (jwk.get("kid"), alg)


@pytest.mark.parametrize(
    ("jwk", "why"),
    [
        (public(ec_key(), kty=None), "EC .P-256. or RSA"),
        (public(ec_key(), kty=["EC"]), "EC .P-256. or RSA"),
        (OctKey.generate_key(256).as_dict(private=True), "EC .P-256. or RSA"),
        ({"kty": "oct", "k": rsa_key().as_pem(private=False).decode()}, "EC .P-256. or RSA"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}, "EC .P-256. or RSA"),
        (ec_key().as_dict(private=True), "private members"),
        (rsa_key().as_dict(private=True), "private members"),
        ({**public(ec_key()), "k": "AAAA"}, "private members"),
        ({**public(rsa_key()), "oth": []}, "private members"),
        (public(ec_key(), use="enc"), "not meant for signatures"),
        (public(ec_key(), key_ops=["sign"]), "not meant for signatures"),
        (public(ec_key(), key_ops=5), "not meant for signatures"),
        (public(ec_key(), alg="HS256"), "of this kind is ES256"),
        (public(ec_key(), alg="PS256"), "of this kind is ES256"),
        (public(ec_key(), alg=["ES256"]), "of this kind is ES256"),
        (public(ec_key(), kid=""), "short text"),
        (public(ec_key(), kid="k" * 257), "short text"),
        (public(ec_key(), kid=["one"]), "short text"),
        (public(ec_key(), y=None), "cannot be read"),
        (public(ec_key(), y=public(ec_key())["x"]), "cannot be read"),
        (public(ec_key(), x="not base64url"), "cannot be read"),
        (public(ec_key(), crv="P-999"), "cannot be read"),
        (public(P384), "curve P-256"),
        (public(rsa_key(), n="AQAB"), "2048 to 8192"),
        (public(rsa_key(), n="_" * 2000), "2048 to 8192"),
        (public(rsa_key(), n=EVEN), "2048 to 8192"),
        (public(rsa_key(), n=None), "cannot be read"),
        (public(rsa_key(), e="Aw"), "exponent"),
        (public(rsa_key(), e="AQAA"), "exponent"),
        (public(rsa_key(), e="A" * 43), "exponent"),
        ("-----BEGIN PUBLIC KEY-----", "EC .P-256. or RSA"),
    ],
)
def test_a_key_that_is_weak_private_or_something_else_is_refused(jwk: Any, why: str) -> None:
    with pytest.raises(BadKey, match=why):
        foreign_keys([jwk])


def test_an_rsa_key_of_1024_bits_is_refused() -> None:
    n = urlsafe_b64encode(((1 << 1023) + 1).to_bytes(128)).decode().rstrip("=")
    with pytest.raises(BadKey, match="2048"):
        foreign_keys([public(rsa_key(), n=n)])


def test_a_set_is_not_too_large_and_names_nothing_twice() -> None:
    many = [public(ec_key(), kid=str(number)) for number in range(MOST_KEYS + 1)]
    assert len(foreign_keys(many[1:])) == MOST_KEYS
    with pytest.raises(BadKey, match="at most"):
        foreign_keys(many)
    with pytest.raises(BadKey, match="two different kid"):
        foreign_keys([public(ec_key("a"), kid="k"), public(ec_key("b"), kid="k")])


@pytest.mark.parametrize(
    ("header", "key", "alg"),
    [
        (HEADER, ES256, "ES256"),
        ({"alg": "ES256"}, ES256, "ES256"),
        ({**HEADER, "typ": "JWT"}, ES256, "ES256"),
        ({"alg": "PS256", "kid": "rsa 2048", "typ": "jwt"}, PS256, "PS256"),
    ],
)
def test_a_statement_says_what_its_client_signed(
    header: dict[str, Any], key: Callable[[bytes], bytes], alg: str
) -> None:
    token = signed(header, CLAIMS, key)
    assert read(token, public(ec_key("b")), public(ec_key()), public(rsa_key()), alg=alg) == CLAIMS


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256", "kid": "one"},
        {"alg": "ES384", "kid": "one"},
        {"alg": "es256", "kid": "one"},
        {"alg": ["ES256"], "kid": "one"},
        {"kid": "one"},
        {**HEADER, "crit": ["exp"], "exp": 1},
        {**HEADER, "b64": False},
        {**HEADER, "typ": "at+jwt"},
        {**HEADER, "typ": "dpop+jwt"},
        {**HEADER, "typ": 1},
        {**HEADER, "kid": "another"},
        {**HEADER, "kid": None},
        {**HEADER, "kid": ["one"]},
        b'{"alg":"ES256","alg":"ES256","kid":"one"}',
        b"[]",
    ],
)
def test_a_header_that_says_anything_else_is_refused(header: dict[str, Any] | bytes) -> None:
    with pytest.raises(BadToken):
        read(signed(header, CLAIMS, ES256), public(ec_key()))


def test_a_key_in_the_header_is_no_key() -> None:
    mine = ec_key("mine")
    lured = signed({"alg": "ES256", "jwk": public(mine)}, CLAIMS, signer("ES256", mine))
    with pytest.raises(BadToken, match="no registered key"):
        read(lured, public(ec_key()))


def test_a_public_key_is_no_secret() -> None:
    """The oldest confusion: HMAC with what everybody knows."""
    secret = OctKey.import_key(str(public(rsa_key())))
    token = signed({"alg": "HS256"}, CLAIMS, signer("HS256", secret))
    for alg in ("ES256", "PS256"):
        with pytest.raises(BadToken):
            read(token, public(rsa_key()), public(ec_key()), alg=alg)


def test_a_key_serves_the_algorithm_it_is_for() -> None:
    token = signed({"alg": "PS256"}, CLAIMS, PS256)
    with pytest.raises(BadToken):
        read(token, public(rsa_key()), public(ec_key()), alg="ES256")


def test_a_statement_that_names_no_key_is_tried_with_a_few() -> None:
    others = [public(ec_key(str(number))) for number in range(MOST_TRIES)]
    token = signed({"alg": "ES256"}, CLAIMS, ES256)
    assert read(token, *others[1:], public(rsa_key()), public(ec_key())) == CLAIMS
    with pytest.raises(BadToken):
        read(token, *others, public(ec_key()))


@pytest.mark.parametrize(
    "payload", [b'{"exp":1e30}', b'{"exp":true}', b'{"sub":"a","sub":"b"}', b'{"a":NaN}', b"x"]
)
def test_claims_that_are_not_plain_are_refused(payload: bytes) -> None:
    with pytest.raises(BadToken):
        read(signed(HEADER, payload, ES256), public(ec_key()))


def test_a_changed_statement_is_refused() -> None:
    token = signed(HEADER, CLAIMS, ES256)
    head, payload, signature = token.split(".")
    other = signed(HEADER, {**CLAIMS, "sub": "s-2"}, ES256).split(".")[1]
    changed = [
        f"{head}.{other}.{signature}",
        f"{head}.{payload}.{signature[:-4]}",
        f"{head}.{payload}.",
        *(token + tail for tail in ("==", "\n", " ", ".")),
        token[: -len(signature)] + "A" * len(signature),
        token + "A" * LONGEST,
    ]
    for broken in changed:
        with pytest.raises(BadToken):
            read(broken, public(ec_key()))


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadToken):
        read(text, public(ec_key()))


@given(header=st.binary(), payload=st.binary())
def test_any_octets_well_signed_are_read_or_refused(header: bytes, payload: bytes) -> None:
    with pytest.raises(BadToken):
        read(signed(header, payload, ES256), public(ec_key()))
