"""What may be a password and how it is kept. NIST SP 800-63B-4 section 3.1.1."""

import pytest
from argon2 import extract_parameters

from idp.authentication.password import LONGEST, SHORTEST, Hasher, WeakPassword, common, judge
from keys.versions import Secrets

HASHER = Hasher(Secrets.of(b"p" * 32))


@pytest.mark.parametrize(
    "password",
    [
        "three boats and a kite",
        "chè sen lúc giữa trưa",
        "x7#Kq!m2Lp@9Zr$",
        "     fifteen   ",
        "🪁🛶🏮🌸🐉🎋🥁🪷🍵🐃🌾🦆🏞🌙⛩",
        "dragon monkey sunshine",
        "long enough for anyone. " * 10,
    ],
)
def test_any_fifteen_characters_will_do(password: str) -> None:
    judge(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("fourteen chars", "at least 15"),
        ("a\u0302" * 14, "at least 15"),  # fourteen letters, however many code points they are
        ("long and longer " * 17, "at most 256"),
        ("tab\tand more\tand more", "can type"),
        ("nul\0and so on and so on", "can type"),
        ("Password1Password1", "guessed first"),
        ("CORRECT HORSE BATTERY STAPLE", "guessed first"),
        ("matkhaumatkhau123", "guessed first"),
        ("anh ye\u0302u em ma\u0303i ma\u0303i", "guessed first"),
        ("abcabcabcabcabcabc", "guessed first"),
        ("motcua-motcua-motcua-2026", "guessed first"),
        ("001090000026 ok", "guessed first"),
    ],
)
def test_what_is_short_endless_or_guessed_first_will_not(password: str, why: str) -> None:
    with pytest.raises(WeakPassword, match=why) as refused:
        judge(password, known=("001090000026",))
    assert password not in str(refused.value)


def test_the_bounds_are_where_they_are_said_to_be() -> None:
    letters = "".join(chr(0x4E00 + number) for number in range(LONGEST + 1))
    judge(letters[:SHORTEST])
    judge(letters[:LONGEST])
    with pytest.raises(WeakPassword):
        judge(letters)


def test_every_line_of_the_list_could_be_a_candidate() -> None:
    assert len(common()) > 400
    assert all(len(line) >= SHORTEST for line in common())


def test_a_password_is_the_same_from_every_keyboard() -> None:
    kept = HASHER.hash("ch\u00e8 sen l\u00fac gi\u1eefa tr\u01b0a")
    assert HASHER.matches("che\u0300 sen lu\u0301c giu\u031b\u0303a tru\u031ba", kept)


@pytest.mark.parametrize(
    "other", ["", "three boats and a kit", "three boats and a kite\0", "\ud800"]
)
def test_the_whole_password_is_compared(other: str) -> None:
    assert not HASHER.matches(other, HASHER.hash("three boats and a kite"))


def test_what_is_kept_says_scheme_and_cost_and_needs_our_key() -> None:
    kept = HASHER.hash("three boats and a kite")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert HASHER.hash("three boats and a kite") != kept
    assert not Hasher(Secrets.of(b"q" * 32)).matches("three boats and a kite", kept)


def test_nobody_has_a_password_and_it_costs_the_same_to_find_out() -> None:
    nobody = HASHER._nobody  # noqa: SLF001  what a stranger is compared with has no other name
    assert not HASHER.matches("three boats and a kite", None)
    parameters = [extract_parameters(kept) for kept in (nobody, HASHER.hash("any password"))]
    assert parameters[0] == parameters[1]
