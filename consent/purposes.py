"""Purposes: why a client may see something, said in advance and cell by cell.

The basis is the cell's, not the client's: needed by law (statutory), for a service that the person
asks for (request), or a free choice (consent). Texts come from here, never from a request.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consent.catalogue import ATTRIBUTES, LANGUAGES, Basis, Texts
from store.micros import DAY, MINUTE

Necessity = Literal["required", "optional"]

NEEDED = ("vi", "en")
"""What every purpose is written in; in another language it is written whole, or not at all."""


class Cell(BaseModel):
    """One attribute within one purpose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attr_id: str
    necessity: Necessity
    basis: Basis
    why: dict[str, str]
    citation: dict[str, str] | None = None
    max_age_minutes: int | None = Field(default=None, ge=0)

    @cached_property
    def max_age(self) -> int | None:
        """The oldest a delivered value may be, in microseconds since it was fetched."""
        return None if self.max_age_minutes is None else self.max_age_minutes * MINUTE


class Purpose(BaseModel):
    """``version`` is counted here, never declared. ``automated``: a machine helps to decide."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose_id: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    version: int = 1
    titles: dict[str, str]
    descriptions: dict[str, str]
    data_life: dict[str, str]
    refusal: dict[str, str]
    access: Literal["one_time", "until_decided", "recurring"]
    max_duration_days: int = Field(ge=1, le=3650)
    automated: bool = False
    cells: tuple[Cell, ...]

    @property
    def max_duration(self) -> int:
        """How long a decision holds, in microseconds."""
        return self.max_duration_days * DAY

    @cached_property
    def by_attribute(self) -> Mapping[str, Cell]:
        """Its cells, by the attribute they are for."""
        return {cell.attr_id: cell for cell in self.cells}

    @property
    def languages(self) -> tuple[str, ...]:
        """Those it is written in, in the order of the catalogue."""
        written = {language for texts in self._texts() for language in texts}
        return tuple(one for one in LANGUAGES if one in written or one in NEEDED)

    def _texts(self) -> Iterator[Texts]:
        yield from (self.titles, self.descriptions, self.data_life, self.refusal)
        yield from (texts for it in self.cells for texts in (it.why, it.citation or {}))

    @cached_property
    def reach(self) -> tuple[frozenset[str], frozenset[str]]:
        """The attributes it has cells for, and those of them that a law lets be read."""
        by_law = frozenset(cell.attr_id for cell in self.cells if cell.basis == "statutory")
        return frozenset(self.by_attribute), by_law


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a registration file declares, and everything that is wrong with it, in sentences."""

    purposes: tuple[Purpose, ...]
    faults: tuple[str, ...]


def parse(declared: Sequence[Mapping[str, Any]]) -> Parsed:
    """The ``[[purpose]]`` tables of a registration file. With faults, use none of it."""
    faults: list[str] = []
    purposes: dict[str, Purpose] = {}
    for number, one in enumerate(declared, 1):
        try:
            purpose = Purpose.model_validate(one)
        except ValidationError as error:
            name = one.get("purpose_id", number) if isinstance(one, Mapping) else number
            faults += (f"purpose {name}: {_sentence(fault)}" for fault in error.errors())
            continue
        said = list(_purpose_faults(purpose))
        if "version" in one:
            said.append("version is counted here; leave it out.")
        if purpose.purpose_id in purposes:
            said.append("it is declared twice.")
        faults += (f"purpose {purpose.purpose_id}: {fault}" for fault in said)
        purposes[purpose.purpose_id] = purpose
    return Parsed(tuple(purposes.values()), tuple(faults))


def _sentence(fault: Any) -> str:
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}."


def _purpose_faults(purpose: Purpose) -> Sequence[str]:
    spoken = purpose.languages
    texts = ("titles", "descriptions", "data_life", "refusal")
    faults = [it for name in texts for it in _text_faults(name, getattr(purpose, name), spoken)]
    if len({cell.attr_id for cell in purpose.cells}) < len(purpose.cells):
        faults.append("an attribute has two cells.")
    for cell in purpose.cells:
        faults += (f"{cell.attr_id}: {fault}" for fault in _cell_faults(cell, spoken))
    return faults


def _cell_faults(cell: Cell, spoken: Sequence[str]) -> Sequence[str]:
    attribute = ATTRIBUTES.get(cell.attr_id)
    if attribute is None:
        return ("the catalogue has no such attribute.",)
    faults = list(_text_faults("why", cell.why, spoken))
    if cell.basis not in attribute.bases:
        faults.append(f"it may not be shared on the basis {cell.basis}.")
    if cell.basis == "consent" and cell.necessity == "required":
        faults.append("what is required cannot rest on consent: it would not be free.")
    if cell.basis == "statutory":
        faults += _text_faults("citation", cell.citation or {}, spoken)
        if cell.necessity == "optional":
            faults.append("what a law requires is not optional.")
    return faults


def _text_faults(name: str, texts: Texts, spoken: Sequence[str]) -> Sequence[str]:
    return tuple(
        f"{name} is missing in language {language}."
        for language in spoken
        if not texts.get(language, "").strip()
    )
