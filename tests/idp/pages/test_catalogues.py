"""Every word of the pages is in the catalogues, in every language, and nothing else is."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from idp import pages
from idp.pages.languages import FOLDER, TAGS, load

HERE = Path(pages.__file__).parent
TEMPLATES = sorted((HERE / "templates").glob("*.html"))
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "later": None, "say": None, "ngettext": (1, 2)}
SPOKEN = ("alt", "aria-label", "placeholder", "title")
PLACE = re.compile(r"%\(\w+\)s")


def said() -> set[str | tuple[str, ...]]:
    return {
        message
        for folder in (HERE, HERE.parent / "notices")
        for _, _, message, _, _ in extract_from_dir(
            str(folder),
            method_map=METHODS,
            options_map={"templates/**.html": {"trimmed": "true", "silent": "false"}},
            keywords=KEYWORDS,
        )
    }


def catalogue(tag: str) -> Catalog:
    with (FOLDER / tag / "LC_MESSAGES" / "motcua.po").open("rb") as source:
        return read_po(source, locale=tag, abort_invalid=True)


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_holds_exactly_what_the_pages_say(tag: str) -> None:
    held = {message.id for message in catalogue(tag) if message.id}
    assert held == said()
    assert not catalogue(tag).obsolete


@pytest.mark.parametrize("tag", TAGS)
def test_every_sentence_is_translated_and_none_is_a_guess(tag: str) -> None:
    for message in catalogue(tag):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id


def test_a_sentence_has_twenty_words_at_most() -> None:
    for message in catalogue("en"):
        for text in forms(message.id or ""):
            assert all(len(it.split()) <= 20 for it in re.split(r"[.?!:] ", text)), text


@pytest.mark.parametrize(
    ("tag", "words"),
    [("vi", ("khóa truy cập",)), ("ar", ("مفتاح مرور", "مفتاح المرور", "مفاتيح المرور"))],
)
def test_a_passkey_has_one_name(tag: str, words: tuple[str, ...]) -> None:
    for message in catalogue(tag):
        if "passkey" in str(message.id).lower():
            assert any(it in str(message.string).lower() for it in words), message.string


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def named(text: str) -> set[str]:
    return set(PLACE.findall(text))


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_names_the_same_values(tag: str) -> None:
    for message in catalogue(tag):
        if message.id and not message.pluralizable:
            assert [*map(named, forms(message.string))] == [*map(named, forms(message.id))]


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_counted_has_every_form_and_says_the_number(tag: str) -> None:
    """A form for one number alone may say it in words, as the Arabic dual does."""
    spoken = load()[tag].words
    uses = Counter(spoken.plural(number) for number in range(1000))
    for message in catalogue(tag):
        if message.pluralizable:
            wanted, said = named(forms(message.id)[1]), forms(message.string)
            assert len(said) == len(uses), message.id
            for form, text in enumerate(said):
                in_words = {"%(num)s"} if uses[form] == 1 else set()
                assert wanted - in_words <= named(text) <= wanted, text


@pytest.mark.parametrize("tag", ["vi", "ar"])
def test_another_language_is_not_english(tag: str) -> None:
    same = [m.id for m in catalogue(tag) if m.id and m.id == m.string]
    assert same == ["Một Cửa"]


def test_a_language_knows_its_name_and_direction() -> None:
    languages = load()
    assert [(one.name, one.direction) for one in languages.values()] == [
        ("Tiếng Việt", "ltr"),
        ("English", "ltr"),
        ("العربية", "rtl"),
    ]


class Spoken(HTMLParser):
    """The words of a template that a person would read or hear."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(source)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attrs if name in SPOKEN]


def outside(template: Path) -> Iterator[str]:
    """What is written down as it is, outside expressions and translated blocks."""
    source = re.sub(r"{% trans.*?{% endtrans %}", "", template.read_text("utf-8"), flags=re.DOTALL)
    plain = "".join(text for _, kind, text in Environment().lex(source) if kind == "data")
    yield from (word for word in Spoken(plain).words if re.search(r"\w", word))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_in_a_template_itself(template: Path) -> None:
    assert list(outside(template)) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_needs_no_script_and_no_inline_style(template: Path) -> None:
    source = template.read_text("utf-8")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:|https?://", source)
