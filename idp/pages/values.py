"""Facts about a person, as people read them."""

from collections.abc import Callable, Mapping
from typing import Any

from clients.model import Client
from consent.catalogue import Attribute
from idp.pages.dates import calendar_day, day
from idp.pages.languages import Language
from store.micros import SECOND


def readable(attribute: Attribute, value: Any, language: Language) -> str:
    """The value in words; what comes from a register may have any shape."""
    return _SHAPES[attribute.shape](attribute, value, language)


def _members(attribute: Attribute, value: Any, language: Language) -> str:
    """The first claim speaks for the rest: the whole name, the number."""
    return str(value.get(attribute.claims[0], "")) if isinstance(value, Mapping) else str(value)


def _several(attribute: Attribute, value: Any, language: Language) -> str:
    """Each of them, in the order of the catalogue."""
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(str(value[claim]) for claim in attribute.claims if claim in value)


def _address(attribute: Attribute, value: Any, language: Language) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    parts = (value.get(part) for part in ("street_address", "locality", "region"))
    return str(value.get("formatted") or ", ".join(str(part) for part in parts if part))


def _date(attribute: Attribute, value: Any, language: Language) -> str:
    return calendar_day(str(value), language)


def _moment(attribute: Attribute, value: Any, language: Language) -> str:
    return day(int(value) * SECOND, language)


def _text(attribute: Attribute, value: Any, language: Language) -> str:
    known = {"female": language.gettext("female"), "male": language.gettext("male")}
    return known.get(str(value), str(value))


_SHAPES: Mapping[str, Callable[[Attribute, Any, Language], str]] = {
    "members": _members,
    "several": _several,
    "moment": _moment,
    "address": _address,
    "date": _date,
    "text": _text,
}


def named(client: Client, language: Language) -> Mapping[str, str]:
    """A service and whose it is, as every page names them within a sentence."""
    return {
        "name": client.client_names.get(language.tag) or client.client_name,
        "agency": language.of(client.agency_names),
        "domain": client.domain,
    }


def initials(name: str) -> str:
    """For the seal beside a name: of its first two words, leaving out an article.

    Where letters are no capitals one is enough: two of Arabic would join to another word.
    """
    capitals = [word[0] for word in name.split() if word[0].isupper()]
    return "".join(capitals[:2]) or name[:1].upper()


def waiting(seconds: int, language: Language) -> str:
    """How long to wait, in seconds or in whole minutes."""
    if seconds < _MINUTE:
        return language.ngettext("%(num)s second", "%(num)s seconds", seconds)
    return language.ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // _MINUTE))


_MINUTE = 60
