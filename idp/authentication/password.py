"""Passwords: what may be one, and how it is kept.

NIST SP 800-63B-4 section 3.1.1: 15 characters at least, no rules of composition,
NFC before the hash, the whole compared with a list of what others guess first; Argon2id with a
keyed step before it, so that a stolen table alone cannot be searched.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from secrets import token_bytes
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import Type

from keys.secrets import keyed
from keys.versions import Secrets

SHORTEST, LONGEST = 15, 256
TIMES, KIBIBYTES = 2, 19 * 1024
CONTEXT = ("motcua", "một cửa", "mot cua")
_SHORTEST_CONTEXT = 4


Reason = Literal["short", "long", "control", "guessed"]
_REASONS: Mapping[Reason, str] = {
    "short": f"a password has at least {SHORTEST} characters: three words will do",
    "long": f"a password has at most {LONGEST} characters",
    "control": "a password is made of characters one can type",
    "guessed": "this password is among those that are guessed first: choose another",
}


class WeakPassword(ValueError):
    """It may not be a password; ``reason`` and text say why, without repeating it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_REASONS[reason])
        self.reason = reason


def written(password: str) -> str:
    """One way to write it, whatever keyboard it came from."""
    return unicodedata.normalize("NFC", password)


def judge(password: str, known: Iterable[str] = ()) -> None:
    """Refuse what is short, endless or guessed first. ``known``: words of this very person."""
    text = written(password)
    if len(text) < SHORTEST:
        raise WeakPassword("short")
    if len(text) > LONGEST:
        raise WeakPassword("long")
    if not text.isprintable():
        raise WeakPassword("control")
    plain = text.casefold()
    if plain in common() or _is_made_of(plain, (*CONTEXT, *known)) or _repeats(plain):
        raise WeakPassword("guessed")


def _is_made_of(plain: str, words: Iterable[str]) -> bool:
    """Nothing much remains when the words anyone would try are taken out."""
    rest = plain
    for word in words:
        if len(word) >= _SHORTEST_CONTEXT:
            rest = rest.replace(word.casefold(), "")
    return rest != plain and sum(map(str.isalnum, rest)) <= SHORTEST // 2


def _repeats(plain: str) -> bool:
    """A short thing said again and again is a short thing."""
    return any(plain[period:] == plain[:-period] for period in range(1, SHORTEST // 2 + 1))


@cache
def common() -> frozenset[str]:
    """The list, each line folded as a candidate is."""
    text = files("idp.authentication").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(written(line).casefold() for line in text.splitlines())


class Hasher:
    """Argon2id. Slow on purpose: run it in the pool.

    ``peppers`` for the keyed step. What is kept begins with the version of its own, if not 0.
    """

    def __init__(self, peppers: Secrets) -> None:
        self._peppers = peppers
        self._argon2 = PasswordHasher(
            time_cost=TIMES, memory_cost=KIBIBYTES, parallelism=1, type=Type.ID
        )
        self._nobody = _of_nobody()

    def hash(self, password: str) -> str:
        """With salt, scheme and cost, as one text."""
        version = self._peppers.newest
        made = self._argon2.hash(_keyed(self._peppers.first, password))
        return f"{version}{made}" if version else made

    def matches(self, password: str, kept: str | None) -> bool:
        """The same work whether or not there is anything to compare with."""
        version, _, made = (kept or self._nobody).partition("$")
        pepper = self._peppers.version(int(version) if version.isdecimal() else 0)
        whole = _keyed(pepper or self._peppers.first, password)
        try:
            right = self._argon2.verify(f"${made}", whole)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return right and kept is not None and pepper is not None


def _keyed(pepper: bytes, password: str) -> str:
    whole = written(password).encode(errors="replace").decode()  # half a character is none
    return keyed(pepper, whole)


def _of_nobody() -> str:
    """What no password has made; checking one against it costs the same."""
    salt, made = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={KIBIBYTES},t={TIMES},p=1${salt}${made}"
