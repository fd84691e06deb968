"""Purposes: why a client may see something, said in advance and cell by cell.

The basis belongs to the cell, not to the client: needed by law (statutory), fetched because
the person asks for a service (request), or a free choice (consent). Texts come from here and
never from a request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consent.catalogue import ATTRIBUTES, LANGUAGES, Basis, Texts
from store.micros import DAY, MINUTE

Necessity = Literal["required", "optional"]


class Cell(BaseModel):
    """One attribute within one purpose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attr_id: str
    necessity: Necessity
    basis: Basis
    why: dict[str, str]
    citation: dict[str, str] | None = None
    max_age_minutes: int | None = Field(default=None, ge=0)

    @property
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

    def cell(self, attr_id: str) -> Cell | None:
        """Its cell for this attribute, if it has one."""
        return next((cell for cell in self.cells if cell.attr_id == attr_id), None)

    def of(self, basis: Basis) -> frozenset[str]:
        """The attributes that rest on this basis."""
        return frozenset(cell.attr_id for cell in self.cells if cell.basis == basis)


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
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}."


def _purpose_faults(purpose: Purpose) -> Sequence[str]:
    texts = ("titles", "descriptions", "data_life", "refusal")
    faults = [it for name in texts for it in _text_faults(name, getattr(purpose, name))]
    if len({cell.attr_id for cell in purpose.cells}) < len(purpose.cells):
        faults.append("an attribute has two cells.")
    for cell in purpose.cells:
        faults += (f"{cell.attr_id}: {fault}" for fault in _cell_faults(cell))
    return faults


def _cell_faults(cell: Cell) -> Sequence[str]:
    attribute = ATTRIBUTES.get(cell.attr_id)
    if attribute is None:
        return ("the catalogue has no such attribute.",)
    faults = list(_text_faults("why", cell.why))
    if cell.basis not in attribute.bases:
        faults.append(f"it may not be shared on the basis {cell.basis}.")
    if cell.basis == "consent" and cell.necessity == "required":
        faults.append("what is required cannot rest on consent: it would not be free.")
    if cell.basis == "statutory":
        faults += _text_faults("citation", cell.citation or {})
        if cell.necessity == "optional":
            faults.append("what a law requires is not optional.")
    return faults


def _text_faults(name: str, texts: Texts) -> Sequence[str]:
    return tuple(
        f"{name} is missing in language {language}."
        for language in LANGUAGES
        if not texts.get(language, "").strip()
    )


def is_material(old: Purpose, new: Purpose) -> bool:
    """Whether people must decide again: more data, a harder basis, longer, other use or keeping."""
    wider = (
        new.access != old.access
        or new.max_duration_days > old.max_duration_days
        or new.data_life != old.data_life
        or (new.automated and not old.automated)
    )
    return wider or any(_changed(old.cell(cell.attr_id), cell) for cell in new.cells)


def _changed(old: Cell | None, new: Cell) -> bool:
    return old is None or (old.basis, old.necessity) != (new.basis, new.necessity)
