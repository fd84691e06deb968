"""A key has the name RFC 7638 gives it, shows its public members, and proves itself."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import RSAKey, import_key

from keys.algorithms import ALGORITHMS
from keys.signing_key import (
    KeyFault,
    SigningKey,
    State,
    generate,
    private_key,
    private_octets,
    thumbprint,
)
from tests.keys.samples import es256, one, rs256

KEYS = [one(alg) for alg in ALGORITHMS]


@pytest.mark.parametrize("key", KEYS, ids=[*ALGORITHMS])
def test_others_give_it_the_same_name(key: SigningKey) -> None:
    theirs = import_key(dict(key.public))
    assert key.kid == thumbprint(key.public) == theirs.thumbprint()


def test_the_name_is_that_of_the_specification() -> None:
    """RFC 7638 section 3.1."""
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
        "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY"
        "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
        "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    assert (
        thumbprint({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
        == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )


def test_it_shows_its_public_members_only() -> None:
    members = {"EC": {"crv", "x", "y"}, "RSA": {"n", "e"}, "OKP": {"crv", "x"}}
    for alg, key in zip(ALGORITHMS, KEYS, strict=True):
        assert key.public.keys() == {"kty", "kid", "use", "alg", *members[key.public["kty"]]}
        assert (key.alg, key.public["use"]) == (alg, "sig")


def test_no_two_algorithms_share_a_key() -> None:
    """RFC 8725 section 3.1, even where two names mean the same."""
    assert len({key.kid for key in KEYS}) == len(ALGORITHMS)


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_an_rsa_key_has_3072_bits(alg: str) -> None:
    assert RSAKey.import_key(dict(one(alg).public)).raw_value.key_size == 3072


def test_coordinates_keep_their_leading_zeros() -> None:
    """RFC 7518 section 6.2.1.2. One key in 128 begins or ends with one."""
    keys = [generate("ES256", State.ACTIVE).public for _ in range(400)]
    assert {len(key[name]) for key in keys for name in ("x", "y")} == {43}


@pytest.mark.parametrize("key", KEYS, ids=[*ALGORITHMS])
def test_kept_and_read_again_it_is_the_same(key: SigningKey) -> None:
    assert key.private is not None
    again = replace(key, private=private_key(private_octets(key.private)))
    again.prove()
    assert key.checker()(b"message", again.signer()(b"message"))
    assert not key.checker()(b"another message", again.signer()(b"message"))


@pytest.mark.parametrize("state", [State.PUBLISHED, State.RETIRING, State.RETIRED])
def test_only_an_active_key_signs(state: State) -> None:
    """The key itself refuses, whoever chose it."""
    with pytest.raises(KeyFault, match="not active"):
        replace(es256(), state=state).signer()


def test_a_key_whose_private_part_is_gone_does_not_sign() -> None:
    with pytest.raises(KeyFault):
        replace(es256(), private=None).signer()


def changed(key: SigningKey, **changes: Any) -> SigningKey:
    return replace(key, public={**key.public, **changes})


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (changed(es256(), kid="another"), "name of another"),
        (replace(es256(), public=es256().public), "belongs to another"),
        (replace(es256(), private=rs256().private), "belongs to another"),
        (changed(es256(), alg="RS256"), "belongs to another"),
        (changed(es256(), use="enc"), "belongs to another"),
        (changed(replace(es256(), private=None), d="secret"), "must not have"),
        (replace(changed(rs256(), e="Aw"), private=None), "name of another"),
    ],
)
def test_a_key_that_is_not_what_it_says_is_found_out(key: SigningKey, why: str) -> None:
    with pytest.raises(KeyFault, match=why):
        key.prove()


def test_a_key_of_another_kind_is_no_key_of_ours() -> None:
    octets = X25519PrivateKey.generate().private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(KeyFault, match="unknown kind"):
        private_key(octets)


def test_a_key_that_signs_wrongly_is_found_out() -> None:
    """Two bits: the library survives one by itself, having both exponents and their halves."""
    key = rs256()
    assert key.private is not None
    key.prove()
    octets = bytearray(private_octets(key.private))
    for place in (-1200, -300):  # in d and in dq
        octets[place] ^= 1
    with pytest.raises(KeyFault, match="does not check"):
        replace(key, private=private_key(bytes(octets))).prove()
