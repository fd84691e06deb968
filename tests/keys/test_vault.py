"""What is sealed opens with its key, in its place, unchanged, and in no other way."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from keys.purposes import PURPOSES
from keys.secrets import derive
from keys.vault import Unsealable, Vault

VAULT = Vault(b"k" * 32)
PLACE = "account.number_sealed:a-1"


@given(st.binary(), st.text())
def test_it_opens_in_its_place(plain: bytes, place: str) -> None:
    assert VAULT.open(VAULT.seal(plain, place), place) == plain


def test_the_same_plain_text_is_never_sealed_the_same() -> None:
    assert len({VAULT.seal(b"0" * 12, PLACE) for _ in range(100)}) == 100


def test_it_says_its_version_and_its_key() -> None:
    seals = [VAULT.seal(b"", PLACE), VAULT.seal(b"0" * 12, PLACE)]
    assert {seal[:5] for seal in seals} == {b"\x01" + derive(b"k" * 32, "key id")[:4]}
    assert [len(seal) for seal in seals] == [1 + 4 + 12 + 16, 1 + 4 + 12 + 12 + 16]


def test_others_who_have_the_key_can_open_it_as_the_format_says() -> None:
    """Version and key id are bound to the ciphertext too, beside its place."""
    seal = VAULT.seal(b"079190000001", PLACE)
    head, nonce, rest = seal[:5], seal[5:17], seal[17:]
    opened = AESGCM(derive(b"k" * 32, "sealing")).decrypt(nonce, rest, head + PLACE.encode())
    assert opened == b"079190000001"


@pytest.mark.parametrize(
    "place",
    ["account.number_sealed:a-2", "account.contact_sealed:a-1", "credential.number_sealed:a-1"],
)
def test_moved_to_another_row_column_or_table_it_does_not_open(place: str) -> None:
    with pytest.raises(Unsealable):
        VAULT.open(VAULT.seal(b"079190000001", PLACE), place)


def test_with_another_key_it_does_not_open() -> None:
    with pytest.raises(Unsealable, match="another key"):
        Vault(b"K" * 32).open(VAULT.seal(b"079190000001", PLACE), PLACE)


def test_under_the_name_of_another_key_it_does_not_open() -> None:
    other = Vault(b"K" * 32)
    sealed = other.seal(b"", PLACE)[:5] + VAULT.seal(b"079190000001", PLACE)[5:]
    with pytest.raises(Unsealable):
        other.open(sealed, PLACE)


def test_changed_by_any_bit_or_cut_anywhere_it_does_not_open() -> None:
    sealed = VAULT.seal(b"079190000001", PLACE)
    changed = [
        bytes([*sealed[:at], sealed[at] ^ bit, *sealed[at + 1 :]])
        for at in range(len(sealed))
        for bit in (1, 128)
    ]
    for broken in (*changed, *(sealed[:end] for end in range(len(sealed))), sealed + b"\0"):
        with pytest.raises(Unsealable):
            VAULT.open(broken, PLACE)


def test_the_key_that_seals_is_handed_out_for_no_other_purpose() -> None:
    keys = {VAULT.secrets(purpose).first for purpose in PURPOSES}
    assert len(keys) == len(PURPOSES)
    assert b"k" * 32 not in keys


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_secret_that_may_be_renewed_is_not_handed_out_for_good(purpose: str) -> None:
    if PURPOSES[purpose].renewable:
        with pytest.raises(LookupError, match="there may be several"):
            VAULT.key(purpose)
    else:
        assert VAULT.key(purpose) == VAULT.secrets(purpose).first


def test_a_purpose_that_the_table_does_not_name_has_no_secret() -> None:
    for ask in (VAULT.key, VAULT.secrets):
        with pytest.raises(KeyError):
            ask("another")
