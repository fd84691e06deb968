"""The real values on the decision page: what each is, whose, and how old.

Each stands with its register and its date; one that is not there says why, in words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from consent.catalogue import ATTRIBUTES, REGISTER_NAMES, Attribute
from consent.values import Shown
from idp.pages.dates import calendar_day, day, moment
from idp.pages.languages import Language
from idp.pages.values import readable
from idp.pages.words import later

NAME = "person.name"


@dataclass(frozen=True, slots=True)
class Fact:
    """``text`` is none where there is no value; ``absence`` then says why."""

    text: str | None
    masked: str | None
    absence: str
    origin: str


def facts(
    shown: Mapping[str, Shown], attr_ids: Collection[str], language: Language
) -> Mapping[str, Fact]:
    """Each of these attributes, as a person reads it."""
    return {attr_id: _fact(ATTRIBUTES[attr_id], shown[attr_id], language) for attr_id in attr_ids}


_ABSENCES = {
    "nothing held": (
        later("nothing held"),
        later("%(register)s. It holds nothing about this."),
    ),
    "unavailable": (
        later("not available right now"),
        later("%(register)s. It does not answer. If you share, it is delivered when it does."),
    ),
}


def _fact(attribute: Attribute, shown: Shown, language: Language) -> Fact:
    register = language.of(REGISTER_NAMES[attribute.register_id])
    if shown.state in _ABSENCES:
        absence, origin = (language.gettext(words) for words in _ABSENCES[shown.state])
        return Fact(None, None, absence, origin % {"register": register})
    text = readable(attribute, shown.value, language)
    masked = attribute.masked(text)
    return Fact(text, masked if masked != text else None, "", _origin(register, shown, language))


def _origin(register: str, shown: Shown, language: Language) -> str:
    """How old: by the day the register last changed it, else by the day it answered.

    One that answers from the past says so: by the moment that it vouches for.
    """
    if shown.outdated and shown.as_of is not None:
        since = moment(shown.as_of, language)
        return language.gettext(
            "%(register)s, not confirmed since %(moment)s", register=register, moment=since
        )
    if shown.updated_at is not None:
        since = calendar_day(shown.updated_at, language)
    elif shown.as_of is not None:
        since = day(shown.as_of, language)
    else:
        return register
    return language.gettext("%(register)s, as of %(day)s", register=register, day=since)


def name_of(shown: Mapping[str, Shown], language: Language) -> str:
    """The person's name for a greeting; empty where the register does not say."""
    known = shown.get(NAME)
    if known is None or known.state != "known":
        return ""
    return readable(ATTRIBUTES[NAME], known.value, language)
