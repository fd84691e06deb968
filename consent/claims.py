"""A source's value, said in claims. OpenID Connect Core sections 5.1, 5.1.1 and 5.3.2.

Texts are never empty, a birth date is a date, an address is an object of texts; what does not
fit is absent, never null.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from consent.catalogue import Attribute, Shape

ADDRESS = ("formatted", "street_address", "locality", "region", "postal_code", "country")

VERIFIED = "_verified"

Claims = dict[str, Any]

_DATE = re.compile(
    r"(?:0000|18[5-9][0-9]|19[0-9]{2}|2[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
)
_YEAR = re.compile(r"18[5-9][0-9]|19[0-9]{2}|2[0-9]{3}")


def claims_of(attribute: Attribute, value: Any) -> Claims:
    """Its claims, as far as the value holds them. Nothing held: none."""
    return _SHAPES[attribute.shape](attribute, value)


def shown_of(attribute: Attribute, claims: Claims) -> Any:
    """What of it a person is shown: a text, a date, an address, or the members of a name."""
    return claims if attribute.shape == "members" else claims[attribute.claims[0]]


def _text(attribute: Attribute, value: Any) -> Claims:
    return dict.fromkeys(attribute.claims, value) if _is_text(value) else {}


def _date(attribute: Attribute, value: Any) -> Claims:
    known = _is_text(value) and (_DATE.fullmatch(value) or _YEAR.fullmatch(value))
    return dict.fromkeys(attribute.claims, value) if known else {}


def _members(attribute: Attribute, value: Any) -> Claims:
    """Texts, and whether they are verified: true or false, and nothing without a text."""
    flags = {name for name in attribute.claims if name.endswith(VERIFIED)}
    texts = _texts(value, tuple(name for name in attribute.claims if name not in flags))
    said = {name: value[name] for name in flags if texts and isinstance(value.get(name), bool)}
    return {**texts, **said}


def _address(attribute: Attribute, value: Any) -> Claims:
    address = _texts(value, ADDRESS)
    return dict.fromkeys(attribute.claims, address) if address else {}


def _texts(value: Any, names: tuple[str, ...]) -> Claims:
    if not isinstance(value, dict):
        return {}
    return {name: value[name] for name in names if _is_text(value.get(name))}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value != "null"


_SHAPES: Mapping[Shape, Callable[[Attribute, Any], Claims]] = MappingProxyType(
    {
        "text": _text,
        "date": _date,
        "members": _members,
        "address": _address,
    }
)
