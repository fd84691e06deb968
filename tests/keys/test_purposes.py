"""K-10: what was made with the secret of one purpose is refused by every other.

The types of tokens are kept apart in ``tests/oidc/test_kinds_of_token.py``.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from idp.authentication.password import Hasher
from idp.pages.gate.csrf import Csrf
from idp.sessions.sid import sid
from keys.box import Unsealable
from keys.daily import Daily
from keys.purposes import PURPOSES
from keys.secrets import keyed
from keys.vault import Vault
from keys.versions import Chains, Secrets, derived
from oidc.codes import Codes
from oidc.refresh_tokens import RefreshToken, RefreshTokens
from store.micros import MINUTE
from store.one_time_sqlite import SqliteOneTime
from store.sealed import Sealed
from tests.keys.samples import NOON
from tests.oidc.test_codes import CODE

pytestmark = pytest.mark.anyio

PASSWORD = "three boats and a kite"
PLACE = "account.number_sealed:a-1"
Made = str | bytes
Make = Callable[[Vault, str, Path], Awaitable[Made]]
Takes = Callable[[Vault, str, Made, Path], Awaitable[bool]]


async def seal(vault: Vault, purpose: str, _: Path) -> bytes:
    return sealing_with(vault, purpose).seal(b"079190000001", PLACE)


async def opens(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    assert isinstance(made, bytes)
    try:
        return bool(sealing_with(vault, purpose).open(made, PLACE))
    except Unsealable:
        return False


def sealing_with(vault: Vault, purpose: str) -> Vault:
    """A vault that seals with the secret of this purpose, under the name of the right one."""
    other = Vault(b"o" * 32)
    [right] = derived(b"k" * 32)["sealing"]
    wrong = replace(right, secret=vault.secrets(purpose).first)
    whole: Chains = {**derived(b"k" * 32), "sealing": [wrong]}
    other.hold(whole)
    return other


async def put(vault: Vault, purpose: str, folder: Path) -> bytes:
    with closing(SqliteOneTime(folder / "db", lambda: NOON, patience=1)) as inner:
        days = Daily(vault.secrets(purpose), "one-time values")
        await Sealed(inner, days, lambda: NOON).put("key", b"value", ttl=MINUTE)
        return await inner.peek("key") or b""


async def peeked(vault: Vault, purpose: str, made: Made, folder: Path) -> bool:
    assert isinstance(made, bytes)
    with closing(SqliteOneTime(folder / "db", lambda: NOON, patience=1)) as inner:
        days = Daily(vault.secrets(purpose), "one-time values")
        await inner.put("key", made, ttl=MINUTE)
        return await Sealed(inner, days, lambda: NOON).peek("key") is not None


async def issue(vault: Vault, purpose: str, _: Path) -> str:
    return Codes(vault.secrets(purpose)).issue(CODE, NOON)


async def read(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    assert isinstance(made, str)
    return Codes(vault.secrets(purpose)).read(made) is not None


async def mark(vault: Vault, purpose: str, _: Path) -> str:
    return Csrf(vault.secrets(purpose), "https://id.example").mark("a form")


async def is_marked(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    assert isinstance(made, str)
    return Csrf(vault.secrets(purpose), "https://id.example").made(made, "a form")


async def written(vault: Vault, purpose: str, _: Path) -> str:
    return RefreshTokens(vault.secrets(purpose)).write(RefreshToken.first(NOON))


async def is_ours(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    assert isinstance(made, str)
    return RefreshTokens(vault.secrets(purpose)).read(made) is not None


async def hashed(vault: Vault, purpose: str, _: Path) -> str:
    return Hasher(vault.secrets(purpose)).hash(PASSWORD)


async def matches(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    assert isinstance(made, str)
    return Hasher(vault.secrets(purpose)).matches(PASSWORD, made)


async def named(vault: Vault, purpose: str, _: Path) -> str:
    return sid(vault.secrets(purpose).first, "session", "agency")


async def is_named(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    return made == sid(vault.secrets(purpose).first, "session", "agency")


async def digested(vault: Vault, purpose: str, _: Path) -> str:
    return keyed(vault.secrets(purpose).first, "079190000001")


async def is_digest(vault: Vault, purpose: str, made: Made, _: Path) -> bool:
    return made == keyed(vault.secrets(purpose).first, "079190000001")


USES: Mapping[str, tuple[Make, Takes]] = {
    "sealing": (seal, opens),
    "one-time values": (put, peeked),
    "codes": (issue, read),
    "csrf": (mark, is_marked),
    "refresh tokens": (written, is_ours),
    "password": (hashed, matches),
    "sid": (named, is_named),
    "identifier digest": (digested, is_digest),
}


def test_every_purpose_there_is_has_its_attack() -> None:
    assert USES.keys() == PURPOSES.keys()
    assert all(it.does.endswith(".") for it in PURPOSES.values())


@pytest.mark.parametrize(("purpose", "other"), [*permutations(PURPOSES, 2)])
async def test_what_one_secret_made_another_does_not_take(
    purpose: str, other: str, tmp_path: Path
) -> None:
    vault = Vault(b"k" * 32)
    make, takes = USES[purpose]
    made = await make(vault, purpose, tmp_path)
    assert await takes(vault, purpose, made, tmp_path)
    assert not await takes(vault, other, made, tmp_path)
    assert not await takes(vault, purpose, await make(vault, other, tmp_path), tmp_path)


async def test_a_seal_of_a_table_is_no_value_of_the_one_time_store_nor_the_other_way(
    tmp_path: Path,
) -> None:
    """Even under one secret: each names its own place."""
    vault = Vault(b"k" * 32)
    value = await put(vault, "sealing", tmp_path)
    for place in ("key", PLACE):
        with pytest.raises(Unsealable):
            vault.open(value, place)
    assert not await peeked(vault, "sealing", vault.seal(b"value", "key"), tmp_path)


async def test_the_keys_of_a_day_are_no_keys_of_another_day_or_label() -> None:
    secrets = Secrets.of(b"k" * 32)
    sealed = Daily(secrets, "codes").first(1).encrypt(b"n" * 12, b"value", b"")
    for other in (Daily(secrets, "codes").first(2), Daily(secrets, "one-time values").first(1)):
        with pytest.raises(InvalidTag):
            other.decrypt(b"n" * 12, sealed, b"")


def test_whoever_makes_days_up_fills_nothing() -> None:
    """The day of a code is what its sender says."""
    days = Daily(Secrets.of(b"k" * 32), "codes")
    today = days.first(0)
    for day in range(1, 100):
        assert days.first(day) is days.first(day)
    assert days.first(0) is not today


def test_the_keys_of_a_day_follow_their_secrets() -> None:
    old, new = derived(b"a" * 32)["codes"], derived(b"b" * 32)["codes"]
    secrets = Secrets(old)
    days = Daily(secrets, "codes")
    before = days.first(1).encrypt(b"n" * 12, b"value", b"")
    secrets.hold([*new, *old])
    assert days.first(1).encrypt(b"n" * 12, b"value", b"") != before
    assert days.all(1)[1].encrypt(b"n" * 12, b"value", b"") == before


def test_of_several_secrets_the_first_makes_and_all_check() -> None:
    """K-27."""
    old, new = Secrets.of(b"a" * 32), Secrets.of(b"b" * 32, b"a" * 32)
    assert (new.first, new.newest, new.version(0), new.version(7)) == (
        b"b" * 32,
        1,
        b"a" * 32,
        None,
    )

    codes = Codes(old).issue(CODE, NOON), Codes(new).issue(CODE, NOON)
    assert [Codes(new).read(it) for it in codes] == [CODE, CODE]
    assert [Codes(old).read(it) for it in codes] == [CODE, None]

    token = RefreshToken.first(NOON)
    tokens = RefreshTokens(old).write(token), RefreshTokens(new).write(token)
    assert [RefreshTokens(new).read(it) for it in tokens] == [token, token]
    assert [RefreshTokens(old).read(it) for it in tokens] == [token, None]

    marks = [Csrf(it, "https://id.example").mark("a form") for it in (old, new)]
    assert [Csrf(new, "https://id.example").made(it, "a form") for it in marks] == [True, True]
    assert [Csrf(old, "https://id.example").made(it, "a form") for it in marks] == [True, False]


def test_a_password_of_an_old_pepper_is_right_and_a_new_one_says_its_pepper() -> None:
    old, new = Secrets.of(b"a" * 32), Secrets.of(b"b" * 32, b"a" * 32)
    before, after = Hasher(old).hash(PASSWORD), Hasher(new).hash(PASSWORD)
    assert (before[:10], after[:11]) == ("$argon2id$", "1$argon2id$")
    assert Hasher(new).matches(PASSWORD, before)
    assert Hasher(new).matches(PASSWORD, after)
    assert not Hasher(new).matches("another", before)
    for unknown in (after, after.replace("1$", "7$", 1), "nothing"):
        assert not Hasher(old).matches(PASSWORD, unknown)
