"""What a person is asked: who, why, what, how long, and what happens if not.

The words, without anybody's values, are the notice that the record keeps: same question, same
notice.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from consent.model import Notice


@dataclass(frozen=True, slots=True)
class Item:
    """One fact. ``new``: it joins what was decided before."""

    attr_id: str
    label: str
    register: str
    why: str
    optional: bool
    new: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that rest on the same basis."""

    heading: str
    hint: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Term:
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    language: str
    agency: str
    service: str
    domain: str
    purpose: str
    heading: str
    wider: str
    why: str
    groups: tuple[Group, ...]
    terms: tuple[Term, ...]
    answers: tuple[str, str]
    change_later: str

    def notice(self) -> Notice:
        """Every word of it, and the digest that says whether a word has changed."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        return Notice(sha256=sha256, language=self.language, text=text)
