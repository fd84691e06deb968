"""The compact form of a signed token, read strictly.

RFC 7515 sections 2 and 7.1; RFC 7519 section 4; RFC 8725 sections 2.4 and 3.1. What other readers
forgive is refused here: padding, stray bits, members given twice, times that are no integers.
"""

import json
import re
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import Any, NoReturn

LONGEST = 8 * 1024  # characters of a token
TIMES = ("exp", "iat", "nbf", "auth_time")
_LATEST = 1 << 53  # what every JSON reader still counts exactly

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]+)")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")  # the other alphabet's characters are none


class BadToken(Exception):
    """Not a token this program accepts; the text says why, for the log."""


def encoded(octets: bytes) -> bytes:
    """base64url without padding."""
    return b2a_base64(octets, newline=False).translate(_TO_URL).rstrip(b"=")


def decoded(text: str) -> bytes:
    """The inverse of ``encoded`` and of nothing else. Raises ``BadToken``."""
    try:
        said = text.encode("ascii")
        padded = said.translate(_FROM_URL) + b"=" * (-len(said) % 4)
        octets = a2b_base64(padded, strict_mode=True)
    except (Error, UnicodeEncodeError) as error:
        raise BadToken("not base64url") from error
    last = len(said) % 4  # of an incomplete four, the only place for stray bits
    if last and encoded(octets[1 - last :]) != said[-last:]:
        raise BadToken("not canonical base64url")
    return octets


def parts(token: str, longest: int = LONGEST) -> tuple[str, str, str]:
    """Header, payload and signature, still encoded. Raises ``BadToken``."""
    if len(token) > longest:
        raise BadToken("too long")
    found = _COMPACT.fullmatch(token)
    if found is None:
        raise BadToken("not in compact form")
    return found[1], found[2], found[3]


def json_object(octets: bytes) -> dict[str, Any]:
    """A JSON object in which nothing is said twice. Raises ``BadToken``."""
    try:
        value = json.loads(
            octets.decode(), object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        raise BadToken("not JSON") from error
    if not isinstance(value, dict):
        raise BadToken("not a JSON object")
    return value


def claims(octets: bytes) -> dict[str, Any]:
    """The payload of a token: an object whose times are integers. Raises ``BadToken``."""
    said = json_object(octets)
    check_times(said)
    return said


def check_times(said: Mapping[str, Any]) -> None:
    for name in TIMES:
        value = said.get(name, 0)
        if type(value) is not int or not 0 <= value < _LATEST:
            raise BadToken(f"{name} is no time")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadToken("a member is given twice")
    return members


def _finite(text: str) -> float:
    value = float(text)
    return value if abs(value) < _LATEST else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise BadToken(f"a number of {len(text)} characters is not finite")
