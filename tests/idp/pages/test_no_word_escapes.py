"""A language of its own, in which every sentence of the catalogues is unreadable: what can still be
read on a page came from registers and registrations, or it escaped the catalogues.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from playwright.sync_api import Page

from consent.catalogue import ATTRIBUTES, REGISTER_NAMES
from examples import furnish
from idp.pages import languages
from tests.pictures.scenes import walk
from tests.pictures.stage import MORE, REGISTER, stage

MARK = "ж"
WORD = re.compile(r"[^\W\d_]{2,}")
PLACES = re.compile(r"(%\(\w+\)s)")
PATTERN = "d MMM y, HH:mm"  # how a moment is written is no sentence

_SEEN = """() => {
  const APART = 'code, .seal, [translate=no], [lang]:not(html)';
  const found = [document.title], walker = document.createTreeWalker(document.body, 4);
  for (let it = walker.nextNode(); it; it = walker.nextNode())
    if (it.parentElement.checkVisibility() && !it.parentElement.closest(APART)) found.push(it.data);
  for (const it of document.querySelectorAll('[aria-label], [alt], [title], [placeholder]'))
    for (const name of ['aria-label', 'alt', 'title', 'placeholder'])
      found.push(it.getAttribute(name) ?? '');
  return found;
}"""


def unreadable(text: str) -> str:
    return "".join(
        part if PLACES.fullmatch(part) else re.sub(r"\w", MARK, part) for part in PLACES.split(text)
    )


def made_up(source: Path, tag: str) -> Catalog:
    with source.open("rb") as file:
        catalogue = read_po(file, locale=tag)
    for message in catalogue:
        if message.id and message.id != PATTERN:
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            new = tuple(unreadable(str(text)) for text in said)
            message.string = new if isinstance(message.string, tuple) else new[0]
    return catalogue


def registered() -> Iterator[str]:
    """What the pages show and did not write."""
    yield from (ATTRIBUTES[it].labels["en"] for it in ATTRIBUTES)
    yield from (names["en"] for names in REGISTER_NAMES.values())
    yield from (it.read_text("utf-8") for it in (furnish.TEMPLATE, furnish.PEOPLE, MORE))
    yield from (str(one) for one in REGISTER)
    yield from Locale.parse("en_001").months["format"]["abbreviated"].values()
    yield from Locale.parse("en_001").months["format"]["wide"].values()
    yield from ("Một Cửa", "Chrome, Linux", "Safari, iPhone", "Pixel", "example", "Ca sáng")


def readable(page: Page, known: set[str]) -> list[str]:
    said = " ".join(page.evaluate(_SEEN))
    return sorted(
        {word for word in WORD.findall(said) if word.lower() not in known and set(word) != {MARK}}
    )


def test_no_word_escapes_the_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tag in languages.TAGS:
        folder = tmp_path / tag / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "motcua.po").open("wb") as file:
            write_po(file, made_up(languages.FOLDER / tag / "LC_MESSAGES" / "motcua.po", tag))
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    monkeypatch.setattr(languages, "load", languages.load.__wrapped__)  # not what was read before
    known = {word.lower() for text in registered() for word in WORD.findall(text)}

    with stage() as set_up:
        found = {scene.name: readable(page, known) for scene, page in walk(set_up, "en", 1280)}

    assert {name: words for name, words in found.items() if words} == {}
