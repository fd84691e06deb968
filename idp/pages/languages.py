"""The languages of the pages: their catalogues, and which one a person gets.

RFC 4647 section 3.4 (look-up by the primary subtag); RFC 9110 section 12.5.4 (Accept-Language).
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

from consent.catalogue import LANGUAGES
from idp.pages.words.texts import Text

FOLDER = Path(__file__).parent / "translations"
LOCALES = {"en": "en_001"}  # dates in English as the world writes them; the others by their tags
TAGS = LANGUAGES  # the first is for those of whom nothing is known
MOST = 20  # more wishes than this are no wishes


@dataclass(frozen=True, slots=True)
class Language:
    """``tag`` as in BCP 47; ``name`` in its own words; ``direction`` ``ltr`` or ``rtl``."""

    tag: str
    name: str
    direction: str
    locale: Locale
    words: Translations

    def gettext(self, message: str, **values: object) -> str:
        """The sentence in this language, its ``%(names)s`` filled in."""
        said = str(self.words.ugettext(message))
        return said % values if values else said

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """The sentence for this number of things, which it may name as ``%(num)s``."""
        said = _decimal(num, self.locale)
        return str(self.words.ungettext(one, many, num)) % {**values, "num": said}

    def per_cent(self, number: float) -> str:
        """*80%* or *0.4%*, as this language writes it."""
        share = round(number / 100, 3)
        return format_percent(share, locale=self.locale, decimal_quantization=False)

    def listed(self, items: Iterable[str]) -> str:
        """*One, two and three*."""
        return format_list([*items], locale=self.locale)

    def of(self, texts: Mapping[str, str]) -> Text:
        """A registered text in this language, or in the first there is, which it then says."""
        tags = (self.tag, *TAGS, *texts)
        tag = next((one for one in tags if texts.get(one)), self.tag)
        return Text.of(texts.get(tag, ""), tag)


@cache
def load() -> Mapping[str, Language]:
    """Every language, its catalogue read as it lies in the source, once."""
    return {tag: _load(tag) for tag in TAGS}


def _load(tag: str) -> Language:
    with (FOLDER / tag / "LC_MESSAGES" / "motcua.po").open("rb") as source:
        catalogue = read_po(source, locale=tag, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    locale = Locale.parse(LOCALES.get(tag, tag))
    name = locale.languages[tag]
    name = name[0].upper() + name[1:]
    return Language(tag, name, locale.text_direction, locale, Translations(compiled))


@lru_cache(maxsize=1024)
def _decimal(num: int, locale: Locale) -> str:
    return format_decimal(num, locale=locale)


def first(wishes: Iterable[str | None], offered: Container[str]) -> str | None:
    """The tag of the first wish that is offered. A wish is a tag or a list of them by spaces."""
    tags = (tag for wish in wishes if wish for tag in wish.split()[:MOST])
    return next((tag for tag in map(_primary, tags) if tag in offered), None)


def accepted(header: str | None) -> str:
    """What ``Accept-Language`` wishes, the dearest first, as ``first`` reads it."""
    wishes = sorted(_weighed((header or "").split(",")[:MOST]), key=lambda wish: -wish[0])
    return " ".join(tag for weight, tag in wishes if tag and weight > 0)


def _weighed(ranges: Iterable[str]) -> Iterator[tuple[float, str]]:
    for one in ranges:
        tag, _, quality = one.strip().partition(";")
        value = quality.strip().removeprefix("q=")
        number = value.replace(".", "", 1)
        sound = number.isascii() and number.isdigit()
        yield (float(value) if sound else 0.0 if quality else 1.0), tag.strip()


def _primary(tag: str) -> str:
    return tag.split("-", 1)[0].lower()
