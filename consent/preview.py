"""What the decision page shows: the real values, from where, and how old; or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.catalogue import REGISTER_NAMES, Texts
from consent.claims import text_of
from consent.sources import Sources
from consent.values import Need, State, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One item. ``text`` and ``masked`` are empty unless ``known``; ``register`` by language.

    ``as_of`` and ``updated_at`` are ISO 8601 as the register said them; the account says none.
    ``fetched_at`` in microseconds.
    """

    attr_id: str
    labels: Texts
    state: State
    text: str
    masked: str
    register: Texts
    as_of: str | None
    updated_at: str | None
    fetched_at: int | None


async def preview(sources: Sources, need: Need, now: int) -> Mapping[str, Shown]:
    """One for each attribute, in the order of the catalogue. Nothing leaves by this way."""
    return {name: shown(value) for name, value in (await sources.values(need, now)).items()}


def shown(value: Value) -> Shown:
    """A value as a person reads it."""
    attribute = value.attribute
    text = text_of(attribute, value.claims)
    return Shown(
        attr_id=attribute.attr_id,
        labels=attribute.labels,
        state=value.state,
        text=text,
        masked=attribute.masked(text),
        register=REGISTER_NAMES[attribute.register_id],
        as_of=value.as_of,
        updated_at=value.updated_at,
        fetched_at=value.fetched_at,
    )
