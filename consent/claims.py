"""A source's value, said in claims. OpenID Connect Core sections 5.1, 5.1.1 and 5.3.2.

Texts are never empty, a birth date is a date, a moment is a number of seconds, an address is an
object of texts; what does not fit is absent, never null.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from consent.catalogue import Attribute, Shape

ADDRESS = ("formatted", "street_address", "locality", "region", "postal_code", "country")

VERIFIED = "_verified"

Claims = dict[str, Any]

_DATE = re.compile(
    r"(?:0000|18[5-9][0-9]|19[0-9]{2}|2[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
)
_EARLIEST, _LATEST = 631_152_000, 1 << 40
_YEAR = re.compile(r"18[5-9][0-9]|19[0-9]{2}|2[0-9]{3}")


def claims_of(attribute: Attribute, value: Any) -> Claims:
    """Its claims, as far as the value holds them. Nothing held: none."""
    return _SHAPES[attribute.shape](attribute, value)


def shown_of(attribute: Attribute, claims: Claims) -> Any:
    """What of it a person is shown: a text, a date, a moment, an address, or the members."""
    whole = attribute.shape in ("members", "several")
    return claims if whole else claims[attribute.claims[0]]


def _text(attribute: Attribute, value: Any) -> Claims:
    return dict.fromkeys(attribute.claims, value) if _is_text(value) else {}


def _date(attribute: Attribute, value: Any) -> Claims:
    known = _is_text(value) and (_DATE.fullmatch(value) or _YEAR.fullmatch(value))
    return dict.fromkeys(attribute.claims, value) if known else {}


def _moment(attribute: Attribute, value: Any) -> Claims:
    """Seconds since 1970, as RFC 7519 counts them; nothing was written down before 1990."""
    known = type(value) is int and _EARLIEST <= value < _LATEST
    return dict.fromkeys(attribute.claims, value) if known else {}


def _members(attribute: Attribute, value: Any) -> Claims:
    """Texts, and whether they are verified: true or false, and nothing without a text."""
    names, flags = _kinds(attribute.claims)
    texts = _texts(value, names)
    if not flags or not texts:
        return texts
    return texts | {name: value[name] for name in flags if isinstance(value.get(name), bool)}


@lru_cache(maxsize=100)  # one for each attribute of this shape
def _kinds(claims: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that are texts, and those that say whether a text is verified."""
    flags = tuple(name for name in claims if name.endswith(VERIFIED))
    return tuple(name for name in claims if name not in flags), flags


def _address(attribute: Attribute, value: Any) -> Claims:
    address = _texts(value, ADDRESS)
    return dict.fromkeys(attribute.claims, address) if address else {}


def _texts(value: Any, names: tuple[str, ...]) -> Claims:
    if not isinstance(value, dict):
        return {}
    return {
        name: text
        for name in names
        if isinstance(text := value.get(name), str) and text.strip() and text != "null"
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value != "null"


_SHAPES: Mapping[Shape, Callable[[Attribute, Any], Claims]] = MappingProxyType(
    {
        "text": _text,
        "date": _date,
        "moment": _moment,
        "members": _members,
        "several": _members,
        "address": _address,
    }
)
