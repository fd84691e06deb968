"""Secrets are long, names grow with time, and only digests are kept. RFC 6749 section 10.10."""

import hmac
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.secrets import (
    derive,
    digest,
    keyed,
    new_id,
    new_secret,
    new_ticket,
    same,
    ticket_digest,
    two_ids,
)

NOON = 1_893_499_200_250_000
HALF = "\ud800"


def test_a_secret_has_256_bits_and_is_never_the_same() -> None:
    secrets = {new_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert {len(secret) for secret in secrets} == {43}


@given(st.integers(0, 2**54), st.integers(1, 2**54))
def test_names_made_later_sort_later(now: int, later: int) -> None:
    assert new_id(now) < new_id(now + later)
    assert ticket_digest(new_ticket(now)) < ticket_digest(new_ticket(now + later))


def test_names_made_at_one_moment_differ() -> None:
    assert len({new_id(NOON) for _ in range(1000)}) == 1000
    assert len({name for _ in range(500) for name in two_ids(NOON)}) == 1000
    assert {(len(name), name[:14]) for name in two_ids(NOON)} == {(46, new_id(NOON)[:14])}


def test_a_ticket_has_256_bits_beside_its_time() -> None:
    born, secret = new_ticket(NOON).split(".")
    assert int(born, 16) == NOON
    assert len(secret) == 43


def test_the_digest_of_a_ticket_covers_all_of_it() -> None:
    ticket = new_ticket(NOON)
    assert ticket_digest(ticket) == ticket[:14] + digest(ticket)
    assert ticket_digest(ticket)[14:] != ticket_digest(ticket + "x")[14:]


@pytest.mark.parametrize("ticket", ["", "short", "0x00000000000a.b", "0000000000000G.x", HALF * 20])
def test_what_is_no_ticket_has_a_digest_too(ticket: str) -> None:
    assert ticket_digest(ticket) == "0" * 14 + digest(ticket)


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_any_two_texts_can_be_compared(left: str, right: str) -> None:
    assert same(left, right) == (left == right) == (digest(left) == digest(right))


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {derive(secret, purpose) for secret in (b"a" * 32, b"b" * 32) for purpose in ("x", "y")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert derive(b"a" * 32, "x") == derive(b"a" * 32, "x")


def test_a_key_is_derived_as_others_do() -> None:
    """RFC 5869 section 2 in its shortest form: no salt, one block."""
    extracted = hmac.digest(bytes(32), b"a" * 32, "sha256")
    assert derive(b"a" * 32, "x") == hmac.digest(extracted, b"x\x01", "sha256")


def test_a_keyed_name_is_an_hmac() -> None:
    """RFC 4231 section 4.3: the second test vector."""
    mac = bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    name = keyed(b"Jefe", "what do ya want for nothing?")
    assert urlsafe_b64decode(name + "=") == mac
    assert "=" not in name


def test_any_text_has_a_keyed_name() -> None:
    assert keyed(b"Jefe", HALF) != keyed(b"jefe", HALF)
