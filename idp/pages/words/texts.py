"""Registered texts and names within a page of another language or direction.

WCAG 2.2, 3.1.2 (language of parts); Unicode Standard Annex 9 (isolates): what a page did not write
itself stands in a ``bdi`` where directions may mix, so that it turns nothing around it.
"""

from unicodedata import bidirectional

from markupsafe import Markup, escape


class Text(str):
    """A registered text, and the language that it is written in (BCP 47)."""

    __slots__ = ("tag",)
    tag: str

    @classmethod
    def of(cls, text: str, tag: str) -> "Text":
        said = cls(text)
        said.tag = tag
        return said


def begin(text: str) -> str:
    """As it stands at the beginning of a line: *the Tax Department* begins with a capital."""
    said = text[:1].upper() + text[1:]
    return Text.of(said, text.tag) if isinstance(text, Text) else said


def apart(text: str, tag: str, direction: str) -> Markup:
    """By itself within a page of this language and direction, where it may differ in either."""
    its = text.tag if isinstance(text, Text) else tag
    if its != tag:
        return Markup('<bdi lang="{}">{}</bdi>').format(its, text)
    mixed = direction == "rtl" or any(bidirectional(letter) in _LEFTWARD for letter in text)
    return Markup("<bdi>{}</bdi>").format(text) if mixed else escape(text)


_LEFTWARD = frozenset({"R", "AL"})  # Unicode Standard Annex 9, table 4
