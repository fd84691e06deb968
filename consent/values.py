"""A value of an attribute: whether it is known, how it reads in claims, and how old it may be."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Literal

from consent.catalogue import Attribute
from consent.claims import claims_of, shown_of
from consent.purposes import Cell
from consent.registers.answer import CLOCKS_DIFFER, Fetched
from store.micros import MINUTE
from store.value import as_value

NOTHING_HELD_FOR = MINUTE  # that there is nothing is believed no longer than this

State = Literal["known", "nothing held", "unavailable"]


@as_value(kw_only=True)
class Need:
    """Whose attributes, for whom, why. ``txn`` names this one look everywhere.

    ``contact``: what the account holds, sealed, where that was read already.
    ``cells`` say on which basis each is fetched and how old it may be at most; a person who looks
    at their own data has none.
    """

    account_id: str
    attributes: frozenset[str]
    purpose: str
    on_behalf: str
    txn: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    contact: bytes | None = field(default=None, repr=False)

    def basis(self, attributes: Iterable[Attribute]) -> str:
        """As a register is told it: all that apply."""
        cells = (self.cells.get(it.attr_id) for it in attributes)
        return ", ".join(sorted({"request" if cell is None else cell.basis for cell in cells}))


@as_value(kw_only=True)
class Value:
    """``claims`` is empty unless ``known``. ``as_of`` in microseconds, ``updated_at`` ISO 8601.

    ``outdated``: when it was fetched, ``as_of`` was already older than its class allows.
    """

    attribute: Attribute
    state: State
    claims: dict[str, Any] = field(default_factory=dict)
    as_of: int | None = None
    updated_at: str | None = None
    outdated: bool = False


@as_value(kw_only=True)
class Shown:
    """One attribute as its person may see it.

    ``value`` is a text, an ISO 8601 date, an address or the members of a name, as claims; None
    unless ``known``. ``updated_at`` is the day on which the register last changed it, ISO 8601;
    ``as_of`` the moment at which it vouched for it, in microseconds. It may say neither.
    ``outdated``: that moment is longer ago than the class of the attribute allows.
    """

    value: Any
    state: State
    updated_at: str | None
    as_of: int | None
    outdated: bool = False


def is_fresh(attribute: Attribute, fetched: Fetched, need: Need, now: int) -> bool:
    """Whether it may still be shown and delivered: by its class, and by its cell."""
    limit, cell = attribute.fresh, need.cells.get(attribute.attr_id)
    if cell is not None and cell.max_age is not None:
        limit = min(limit, cell.max_age)
        if fetched.as_of is not None and now - fetched.as_of > cell.max_age + CLOCKS_DIFFER:
            return False
    if fetched.value is None:
        limit = min(limit, NOTHING_HELD_FOR)
    return now - fetched.fetched_at <= limit


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
        outdated=_is_outdated(attribute, fetched),
    )


def _is_outdated(attribute: Attribute, fetched: Fetched) -> bool:
    if fetched.as_of is None:
        return False
    return fetched.fetched_at - fetched.as_of > attribute.fresh + CLOCKS_DIFFER


def shown(value: Value) -> Shown:
    """A value, as its person may see it."""
    return Shown(
        value=shown_of(value.attribute, value.claims) if value.claims else None,
        state=value.state,
        updated_at=value.updated_at,
        as_of=value.as_of,
        outdated=value.outdated,
    )
