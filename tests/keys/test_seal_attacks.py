"""K-16: what lies sealed, moved, changed or put back by who can write but has no key."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.sealing.columns import COLUMNS, PRIVATE
from idp.tables import METADATA
from keys.box import Unsealable
from keys.daily import Daily
from keys.keks import Keks
from keys.lives.changes import place_of
from keys.vault import Vault
from keys.versions import DataKey, Secrets, derived
from store.micros import MINUTE
from store.one_time_sqlite import SqliteOneTime
from store.sealed import Sealed
from tests.keys.samples import NOON

PLAIN = b"079190000001"
PLACES = [column.place(key) for column in COLUMNS for key in ("a-1", "a-2")]


def data_key(version: int) -> DataKey:
    secret = bytes([version]) * 32
    return DataKey(purpose="sealing", version=version, key_id=b"idid", secret=secret)


def vault_of(*versions: int) -> Vault:
    """Which seals with the first of these versions."""
    vault = Vault(b"k" * 32)
    vault.hold({**derived(b"k" * 32), "sealing": [data_key(version) for version in versions]})
    return vault


VAULTS: Mapping[str, Vault] = {"before": Vault(b"k" * 32), "now": vault_of(2, 1)}
formats = pytest.mark.parametrize("vault", VAULTS.values(), ids=VAULTS.keys())


def test_every_column_that_is_sealed_is_known_to_whoever_seals_anew() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert named | {"outbox.body", "client.client_secret_sealed"} == {it.name for it in COLUMNS}
    assert PRIVATE.place("kid") == place_of("kid")


@formats
@pytest.mark.parametrize(("here", "there"), [*permutations(PLACES, 2)])
def test_moved_to_another_row_column_or_table_it_does_not_open(
    vault: Vault, here: str, there: str
) -> None:
    sealed = vault.seal(PLAIN, here)
    assert vault.open(sealed, here) == PLAIN
    with pytest.raises(Unsealable):
        vault.open(sealed, there)


@formats
def test_every_octet_of_it_is_held(vault: Vault) -> None:
    """Format, version, key id, nonce, ciphertext and tag: whatever bits of one are turned."""
    sealed = vault.seal(PLAIN, PLACES[0])

    @settings(max_examples=60, deadline=None)
    @given(st.integers(1, 255))
    def turned(bits: int) -> None:
        for at in range(len(sealed)):
            changed = bytes([*sealed[:at], sealed[at] ^ bits, *sealed[at + 1 :]])
            with pytest.raises(Unsealable):
                vault.open(changed, PLACES[0])

    turned()


@formats
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_whatever_is_put_in_its_place_does_not_open(vault: Vault, octets: bytes) -> None:
    for forged in (octets, vault.making + octets):
        with pytest.raises(Unsealable):
            vault.open(forged, PLACES[0])


def test_under_the_name_of_another_version_it_does_not_open() -> None:
    vault, older = vault_of(2, 1), vault_of(1, 2)
    new, old = vault.seal(PLAIN, PLACES[0]), older.seal(PLAIN, PLACES[0])
    assert vault.open(old, PLACES[0]) == vault.open(new, PLACES[0]) == PLAIN
    for head, body in ((new, old), (old, new)):
        with pytest.raises(Unsealable):
            vault.open(head[:9] + body[9:], PLACES[0])


def test_what_a_data_key_that_has_ended_sealed_does_not_come_back() -> None:
    old = vault_of(1).seal(PLAIN, PLACES[0])
    with pytest.raises(Unsealable, match="another key"):
        vault_of(2).open(old, PLACES[0])


def test_a_seal_of_another_installation_does_not_open() -> None:
    other = DataKey(purpose="sealing", version=2, key_id=b"else", secret=bytes([2]) * 32)
    vault = Vault(b"k" * 32)
    vault.hold({**derived(b"k" * 32), "sealing": [other]})
    with pytest.raises(Unsealable, match="another key"):
        vault_of(2).open(vault.seal(PLAIN, PLACES[0]), PLACES[0])


def test_every_octet_of_a_wrapped_data_key_is_held() -> None:
    keks = Keks([b"k" * 32, b"n" * 32])
    wrapped = keks.wrap(PLAIN, "data_key.wrapped:sealing:1:00")
    for at in range(len(wrapped)):
        for bits in (1, 128, 255):
            changed = bytes([*wrapped[:at], wrapped[at] ^ bits, *wrapped[at + 1 :]])
            with pytest.raises(Unsealable):
                keks.unwrap(changed, "data_key.wrapped:sealing:1:00")
    for elsewhere in ("data_key.wrapped:sealing:2:00", "data_key.wrapped:csrf:1:00"):
        with pytest.raises(Unsealable):
            keks.unwrap(wrapped, elsewhere)


def test_every_octet_of_a_one_time_value_is_held(tmp_path: Path) -> None:
    async def attack() -> None:
        with closing(SqliteOneTime(tmp_path / "db", lambda: NOON, patience=1)) as inner:
            days = Daily(Secrets.of(b"n" * 32, b"k" * 32), "one-time values")
            sealed = Sealed(inner, days, lambda: NOON)
            await sealed.put("key", PLAIN, ttl=MINUTE)
            whole = await inner.peek("key") or b""
            for at in range(len(whole)):
                changed = bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]])
                await inner.put("changed", changed, ttl=MINUTE)
                assert await sealed.peek("changed") is None
                assert await inner.take("changed")
            await inner.put("cut", whole[:8], ttl=MINUTE)
            assert await sealed.peek("cut") is None
            assert await sealed.peek("key") == PLAIN

    asyncio.run(attack())
