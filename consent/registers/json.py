"""JSON from a program that may lie: only what can be kept, sent on and read by everybody.

RFC 8259; RFC 7493 (nothing twice, no lone surrogates, numbers that every reader counts exactly).
"""

from collections.abc import Iterator
from typing import Any

from keys.compact import BadToken, json_object

DEEPEST = 16
_COUNTED = 1 << 53


class BadJson(Exception):
    """Not such an object. The text quotes nothing of it."""


def read(body: bytes) -> dict[str, Any]:
    """Raises ``BadJson``."""
    try:
        said = json_object(body)
    except BadToken as error:
        raise BadJson("not a JSON object") from error
    for value in _leaves(said, DEEPEST):
        if isinstance(value, str) and not _is_writable(value):
            raise BadJson("a text that cannot be written down")
        if isinstance(value, int) and abs(value) >= _COUNTED:
            raise BadJson("a number too large")
    return said


def _leaves(value: Any, depth: int) -> Iterator[Any]:
    """Every name, text, number and constant in it."""
    if not isinstance(value, dict | list):
        yield value
        return
    if not depth:
        raise BadJson("too deep")
    if isinstance(value, dict):
        yield from value
        value = value.values()
    for it in value:
        yield from _leaves(it, depth - 1)


def _is_writable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
