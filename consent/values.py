"""A value of an attribute: whether it is known, how it reads in claims, and how old it may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from consent.catalogue import Attribute
from consent.claims import claims_of
from consent.purposes import Cell, Purpose
from consent.registers.answer import Fetched
from store.micros import MINUTE

NOTHING_HELD_FOR = MINUTE  # that there is nothing is believed no longer than this

State = Literal["known", "nothing held", "unavailable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Whose attributes, for which agency, why. ``txn`` names this one look everywhere."""

    account_id: str
    agency_id: str
    purpose: Purpose
    attributes: frozenset[str]
    txn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """``claims`` is empty unless ``known``. Dates as the source says them, ISO 8601."""

    attribute: Attribute
    state: State
    claims: Mapping[str, Any] = field(default_factory=dict)
    as_of: str | None = None
    updated_at: str | None = None
    fetched_at: int | None = None


def cell_of(attribute: Attribute, purpose: Purpose) -> Cell:
    """Its cell in a purpose that has one for it."""
    cell = purpose.cell(attribute.attr_id)
    if cell is None:
        raise LookupError(f"{purpose.purpose_id} has no cell for {attribute.attr_id}")
    return cell


def is_fresh(attribute: Attribute, fetched: Fetched | None, purpose: Purpose, now: int) -> bool:
    """Whether it may still be shown and delivered: by its class, and by its cell."""
    if fetched is None:
        return False
    limits = [attribute.fresh]
    max_age = cell_of(attribute, purpose).max_age
    if max_age is not None:
        limits.append(max_age)
    if fetched.value is None:
        limits.append(NOTHING_HELD_FOR)
    return now - fetched.fetched_at <= min(limits)


def value_of(attribute: Attribute, fetched: Fetched | None) -> Value:
    """What was fetched, as far as it makes claims."""
    if fetched is None:
        return Value(attribute=attribute, state="unavailable")
    claims = claims_of(attribute, fetched.value)
    return Value(
        attribute=attribute,
        state="known" if claims else "nothing held",
        claims=claims,
        as_of=fetched.as_of,
        updated_at=fetched.updated_at,
        fetched_at=fetched.fetched_at,
    )
