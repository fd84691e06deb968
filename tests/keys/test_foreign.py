"""Keys of others are sound or refused, and their statements read strictly. Rules J1 to J9."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey
from joserfc.jws import JWSRegistry

from keys.compact import LONGEST, BadToken
from keys.foreign import ENCRYPTING, MOST_KEYS, SIGNING, BadKey, foreign_keys
from keys.statement import MOST_TRIES, read_statement
from tests.keys.samples import CLAIMS, ec_key, public, rsa_key, signed

TYPES = (None, "jwt")
P384 = ECKey.generate_key("P-384")
ED25519, X25519 = OKPKey.generate_key("Ed25519", {"kid": "ed"}), OKPKey.generate_key("X25519")
ODD = public(rsa_key())
EVEN = urlsafe_b64encode(((1 << 2047) + 2).to_bytes(256)).decode().rstrip("=")


def signer(alg: str, key: Any) -> Callable[[bytes], bytes]:
    algorithm = JWSRegistry(algorithms=[alg]).get_alg(alg)
    return lambda message: algorithm.sign(message, key)


ES256, PS256 = signer("ES256", ec_key()), signer("PS256", rsa_key())
RS256, SIGN_ED25519 = signer("RS256", rsa_key()), signer("Ed25519", ED25519)
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
        public(rsa_key(), alg="RS256"),
        public(ED25519),
        public(ED25519, alg="Ed25519"),
        public(ED25519, alg="EdDSA"),
    ],
)
def test_a_sound_key_is_taken(jwk: dict[str, Any]) -> None:
    (key,) = foreign_keys([jwk])
    of_its_kind = SIGNING[jwk["kty"]] + ENCRYPTING.get(jwk["kty"], ())
    said = "Ed25519" if jwk.get("alg") == "EdDSA" else jwk.get("alg")
    assert (key.kid, key.algs) == (jwk.get("kid"), (said,) if said else of_its_kind)


@pytest.mark.parametrize(
    ("jwk", "algs"),
    [
        (public(ec_key(), use="sig"), SIGNING["EC"]),
        (public(ec_key(), use="enc"), ENCRYPTING["EC"]),
        (public(ec_key(), use="enc", key_ops=[]), ENCRYPTING["EC"]),
        (public(ec_key(), key_ops=["deriveBits", "deriveKey"]), ENCRYPTING["EC"]),
        (public(ec_key(), key_ops=["verify"]), SIGNING["EC"]),
        (public(ec_key(), alg="ECDH-ES"), ("ECDH-ES",)),
        (public(rsa_key(), use="enc"), ("RSA-OAEP-256",)),
        (public(rsa_key(), use="enc", alg="RSA-OAEP-256"), ("RSA-OAEP-256",)),
        (public(rsa_key(), use="sig"), SIGNING["RSA"]),
    ],
)
def test_a_key_does_what_it_is_meant_for(jwk: dict[str, Any], algs: tuple[str, ...]) -> None:
    """RFC 7517 sections 4.2 to 4.4."""
    (key,) = foreign_keys([jwk])
    assert key.algs == algs


@pytest.mark.parametrize(
    ("jwk", "why"),
    [
        (public(ec_key(), kty=None), "EC, OKP or RSA"),
        (public(ec_key(), kty=["EC"]), "EC, OKP or RSA"),
        (OctKey.generate_key(256).as_dict(private=True), "EC, OKP or RSA"),
        ({"kty": "oct", "k": rsa_key().as_pem(private=False).decode()}, "EC, OKP or RSA"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "A" * 42}, "cannot be read"),
        (public(X25519), "curve Ed25519"),
        (public(ED25519, alg="ES256"), "of this kind is Ed25519"),
        (public(rsa_key(), alg="RSA1_5"), "of this kind is PS256 or RS256"),
        (ec_key().as_dict(private=True), "private members"),
        (rsa_key().as_dict(private=True), "private members"),
        ({**public(ec_key()), "k": "AAAA"}, "private members"),
        ({**public(rsa_key()), "oth": []}, "private members"),
        (public(ec_key(), use="tls"), "not meant for signatures"),
        (public(ED25519, use="enc"), "not meant for signatures"),
        (public(ec_key(), use="sig", key_ops=["deriveKey"]), "not meant for signatures"),
        (public(ec_key(), use="enc", alg="ES256"), "of this kind is ECDH-ES"),
        (public(ec_key(), use="sig", alg="ECDH-ES"), "of this kind is ES256"),
        (public(rsa_key(), use="enc", alg="RSA-OAEP"), "of this kind is RSA-OAEP-256"),
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
        ("-----BEGIN PUBLIC KEY-----", "EC, OKP or RSA"),
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
        ({"alg": "RS256", "kid": "rsa 2048"}, RS256, "RS256"),
        ({"alg": "Ed25519", "kid": "ed"}, SIGN_ED25519, "Ed25519"),
        ({"alg": "EdDSA"}, SIGN_ED25519, "Ed25519"),
    ],
)
def test_a_statement_says_what_its_client_signed(
    header: dict[str, Any], key: Callable[[bytes], bytes], alg: str
) -> None:
    token = signed(header, CLAIMS, key)
    ours = [public(key) for key in (ec_key("b"), ec_key(), rsa_key(), ED25519)]
    assert read(token, *ours, alg=alg) == CLAIMS


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
    with pytest.raises(BadToken):
        read(token, public(rsa_key(), alg="RS256"), alg="PS256")
    with pytest.raises(BadToken):
        read(token, public(rsa_key()), alg="RS256")


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
