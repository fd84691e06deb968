"""What the JOSE library does by itself, on the version we pin: why there is a way around it.

Rules J1 to J11. A test that fails here after an upgrade says that a default has changed; look at
the guard beside it before changing either.
"""

import pytest
from joserfc import jwe, jwt
from joserfc.errors import (
    InvalidClaimError,
    InvalidKeyCurveError,
    InvalidKeyIdError,
    InvalidKeyTypeError,
    JoseError,
    SecurityWarning,
    UnsupportedAlgorithmError,
    UnsupportedHeaderError,
)
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.keys.samples import CLAIMS, ec_key, public, rsa_key, signed

SECRET = OctKey.import_key("a secret of thirty-two bytes, yes")
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def es256(message: bytes) -> bytes:
    return JWSRegistry(algorithms=["ES256"]).get_alg("ES256").sign(message, ec_key())


def test_j1_without_a_list_it_takes_hmac_and_never_none() -> None:
    token = jwt.encode({"alg": "HS256"}, CLAIMS, SECRET)
    assert jwt.decode(token, SECRET).claims == CLAIMS
    with pytest.raises(UnsupportedAlgorithmError):
        jwt.decode(token, SECRET, algorithms=["ES256"])
    with pytest.raises(JoseError):
        jwt.decode(signed({"alg": "none"}, CLAIMS, lambda _: b"x"), ec_key())


def test_j1_ps256_must_be_asked_for_by_name() -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        jwt.encode({"alg": "PS256"}, CLAIMS, rsa_key())
    assert jwt.encode({"alg": "PS256"}, CLAIMS, rsa_key(), algorithms=["PS256"])


def test_j2_it_only_warns_of_weak_keys() -> None:
    with pytest.warns(SecurityWarning, match="112 bits"):
        OctKey.import_key(b"x")
    with pytest.warns(SecurityWarning, match="2048 bits"):
        RSAKey.generate_key(1024)


@pytest.mark.parametrize("disguised", [rsa_key().as_pem(private=False), b""])
def test_j2_what_is_no_secret_at_all_is_refused_since_1_8(disguised: bytes) -> None:
    with pytest.raises(ValueError, match="oct key"):
        OctKey.import_key(disguised)


def test_j3_a_key_is_used_for_what_it_is() -> None:
    with pytest.raises(InvalidKeyTypeError):
        jwt.encode({"alg": "HS256"}, CLAIMS, rsa_key())
    with pytest.raises(InvalidKeyCurveError):
        jwt.encode({"alg": "ES384"}, CLAIMS, ec_key(), algorithms=["ES384"])
    bound = ECKey.import_key({**public(ec_key()), "alg": "ES384"})
    with pytest.raises(JoseError):
        jwt.decode(signed({"alg": "ES256"}, CLAIMS, es256), bound, algorithms=["ES256"])


def test_j3_it_obeys_no_header_it_does_not_know() -> None:
    crit = signed({"alg": "ES256", "crit": ["exp"], "exp": 1}, CLAIMS, es256)
    with pytest.raises(UnsupportedHeaderError):
        jwt.decode(crit, ec_key(), algorithms=["ES256"])
    lured = signed({"alg": "ES256", "jwk": public(ec_key())}, CLAIMS, es256)
    with pytest.raises(JoseError):
        jwt.decode(lured, ec_key("another"), algorithms=["ES256"])


def test_j4_a_set_of_one_takes_a_token_that_names_no_key() -> None:
    token = signed({"alg": "ES256"}, CLAIMS, es256)
    one, two = KeySet([ec_key()]), KeySet([ec_key(), ec_key("another")])
    assert jwt.decode(token, one, algorithms=["ES256"]).claims == CLAIMS
    with pytest.raises(InvalidKeyIdError):
        jwt.decode(token, two, algorithms=["ES256"])
    with pytest.raises(InvalidKeyIdError):
        jwt.decode(signed({"alg": "ES256", "kid": "?"}, CLAIMS, es256), one, algorithms=["ES256"])


def test_j5_its_limits_are_those_we_count_on() -> None:
    registry = JWSRegistry(algorithms=["ES256"])
    assert (registry.max_header_length, registry.max_payload_length) == (512, 128_000)
    assert registry.max_signature_length == 1024


def test_j6_compression_is_there_unless_it_is_left_out() -> None:
    assert "DEF" in jwe.JWERegistry.algorithms["zip"]


def test_j7_a_signature_has_a_twin() -> None:
    """So no mark of a used token may rest on its text."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def twin(message: bytes) -> bytes:
        signature = es256(message)
        return signature[:32] + (order - int.from_bytes(signature[32:])).to_bytes(32)

    assert jwt.decode(signed({"alg": "ES256"}, CLAIMS, twin), ec_key(), algorithms=["ES256"])


def test_j7_padding_is_refused_since_1_7_2() -> None:
    token = signed({"alg": "ES256"}, CLAIMS, es256)
    for changed in (token + "==", token + "\n"):
        with pytest.raises(JoseError):
            jwt.decode(changed, ec_key(), algorithms=["ES256"])


def test_j8_it_takes_a_time_past_all_time() -> None:
    token = signed({"alg": "ES256"}, b'{"exp":1e30}', es256)
    said = jwt.decode(token, ec_key(), algorithms=["ES256"]).claims
    jwt.JWTClaimsRegistry(now=0).validate(said)


@pytest.mark.parametrize("exp", [b"true", b"Infinity", b'"1893499500"'])
def test_j8_times_of_other_kinds_are_refused_since_1_8(exp: bytes) -> None:
    token = signed({"alg": "ES256"}, b'{"exp":%s}' % exp, es256)
    said = jwt.decode(token, ec_key(), algorithms=["ES256"]).claims
    with pytest.raises(InvalidClaimError):
        jwt.JWTClaimsRegistry(now=0).validate(said)


def test_j8_of_a_member_given_twice_it_takes_the_last() -> None:
    token = signed({"alg": "ES256"}, b'{"sub":"a","sub":"b"}', es256)
    assert jwt.decode(token, ec_key(), algorithms=["ES256"]).claims == {"sub": "b"}


def test_j9_not_all_it_raises_is_its_own() -> None:
    off_the_curve = {**public(ec_key()), "y": public(ec_key())["x"]}
    with pytest.raises(Exception) as raised:  # noqa: PT011  whichever it is
        ECKey.import_key(off_the_curve).public_key.public_numbers()
    assert not isinstance(raised.value, JoseError)


def test_j10_ed25519_has_its_own_name() -> None:
    assert {"EdDSA", "Ed25519"} <= JWSRegistry.algorithms.keys()


def test_j11_exports_are_public_unless_asked_otherwise() -> None:
    """In 1.6.5 they were not. We name it at every call all the same."""
    for key in (ec_key(), rsa_key()):
        assert not PRIVATE & key.as_dict().keys()
        assert PRIVATE & key.as_dict(private=True).keys()
