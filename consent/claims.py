"""A source's value, said in claims. OpenID Connect Core sections 5.1, 5.1.1 and 5.3.2.

Texts are never empty, a birth date is a date, a moment is a number of seconds, an address is an
object of texts; what does not fit is absent, never null.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from consent.catalogue import ATTRIBUTES, Attribute, Shape

ADDRESS = ("formatted", "street_address", "locality", "region", "postal_code", "country")

VERIFIED = "_verified"

Names = tuple[str, ...]
Claims = dict[str, Any]

_DATE = re.compile(
    r"(?:0000|18[5-9][0-9]|19[0-9]{2}|2[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
)
_EARLIEST, _LATEST = 631_152_000, 1 << 40
_YEAR = re.compile(r"18[5-9][0-9]|19[0-9]{2}|2[0-9]{3}")


def claims_of(attribute: Attribute, value: Any) -> Claims:
    """Its claims, as far as the value holds them. Nothing held: none."""
    return _SAYS[attribute.attr_id](value)


def shown_of(attribute: Attribute, claims: Claims) -> Any:
    """What of it a person is shown: a text, a date, a moment, an address, or the members."""
    return claims if attribute.shape in _WHOLE else claims[attribute.claims[0]]


def _text(claims: Names, value: Any) -> Claims:
    return dict.fromkeys(claims, value) if _is_text(value) else {}


def _date(claims: Names, value: Any) -> Claims:
    known = _is_text(value) and (_DATE.fullmatch(value) or _YEAR.fullmatch(value))
    return dict.fromkeys(claims, value) if known else {}


def _moment(claims: Names, value: Any) -> Claims:
    """Seconds since 1970, as RFC 7519 counts them; nothing was written down before 1990."""
    known = type(value) is int and _EARLIEST <= value < _LATEST
    return dict.fromkeys(claims, value) if known else {}


def _members(names: Names, flags: Names, value: Any) -> Claims:
    """Texts, and whether they are verified: true or false, and nothing without a text."""
    texts = _texts(value, names)
    if not flags or not texts:
        return texts
    return texts | {name: value[name] for name in flags if isinstance(value.get(name), bool)}


def _address(claims: Names, value: Any) -> Claims:
    address = _texts(value, ADDRESS)
    return dict.fromkeys(claims, address) if address else {}


def _texts(value: Any, names: Names) -> Claims:
    if not isinstance(value, dict):
        return {}
    return {
        name: text
        for name in names
        if isinstance(text := value.get(name), str) and text.strip() and text != "null"
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value != "null"


_WHOLE = ("members", "several")
_SHAPES: Mapping[Shape, Callable[[Names, Any], Claims]] = MappingProxyType(
    {"text": _text, "date": _date, "moment": _moment, "address": _address}
)


def _says(attribute: Attribute) -> Callable[[Any], Claims]:
    """What a value of it says: of members, which are texts, and which whether one is verified."""
    claims = attribute.claims
    if attribute.shape not in _WHOLE:
        return partial(_SHAPES[attribute.shape], claims)
    flags = tuple(name for name in claims if name.endswith(VERIFIED))
    return partial(_members, tuple(name for name in claims if name not in flags), flags)


_SAYS = MappingProxyType({name: _says(attribute) for name, attribute in ATTRIBUTES.items()})
