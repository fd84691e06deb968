"""What a register said, read strictly: it is another program, and may say anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from consent.registers import json
from store.micros import SECOND

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class _Field(BaseModel):
    value: Any
    updated_at: Day | None = None
    status: str = "current"


class _Answer(BaseModel):
    as_of: AwareDatetime
    attributes: dict[str, _Field] = Field(max_length=100)


class _NoRecord(BaseModel):
    error: Literal["no_record"]


class NotAsAgreed(Exception):
    """The register answered with something that is no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """``value`` is None where the register holds nothing. ``fetched_at`` in microseconds.

    ``as_of`` is the moment that the register vouches for, in microseconds; ``updated_at`` the day
    on which it last changed the value, ISO 8601.
    """

    value: Any
    updated_at: str | None
    as_of: int | None
    fetched_at: int


def read_answer(body: bytes, fields: frozenset[str], now: int) -> Mapping[str, Fetched]:
    """Every field asked for; none that was not. Raises ``NotAsAgreed``."""
    try:
        answer = _Answer.model_validate(json.read(body))
    except (json.BadJson, ValidationError) as error:
        raise NotAsAgreed("not an answer") from error
    as_of = round(answer.as_of.timestamp() * SECOND)
    held = {name: it for name, it in answer.attributes.items() if it.status == "current"}
    return {
        name: Fetched(
            value=held[name].value if name in held else None,
            updated_at=held[name].updated_at if name in held else None,
            as_of=as_of,
            fetched_at=now,
        )
        for name in fields
    }


def read_no_record(body: bytes, fields: frozenset[str], now: int) -> Mapping[str, Fetched]:
    """It does not know this person. Raises ``NotAsAgreed`` if that is not what it says."""
    try:
        _NoRecord.model_validate(json.read(body))
    except (json.BadJson, ValidationError) as error:
        raise NotAsAgreed("not a register's 404") from error
    nothing = Fetched(value=None, updated_at=None, as_of=None, fetched_at=now)
    return dict.fromkeys(fields, nothing)
