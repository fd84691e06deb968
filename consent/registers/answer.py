"""What a register said, read strictly: it is another program, and may say anything.

RFC 3339 (times); RFC 9110 section 8.8.3 (entity tags).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from consent.registers import json
from store.micros import HOUR, MINUTE, SECOND
from store.value import as_value

EARLIEST = 631_152_000 * SECOND  # 1990: no register vouches for anything before it
CLOCKS_DIFFER = MINUTE  # at most, between a register and us
FURTHEST_EAST = 14 * HOUR  # where a day begins before it does by UTC
LONGEST_ETAG = 128

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_TIME = TypeAdapter(AwareDatetime)


class _Field(BaseModel):
    value: Any
    updated_at: Day | None = None
    status: str = "current"


class _Answer(BaseModel):
    as_of: str
    attributes: dict[str, _Field] = Field(max_length=100)


class _NoRecord(BaseModel):
    error: Literal["no_record"]


class NotAsAgreed(Exception):
    """The register answered with something that is no answer. The text quotes nothing of it."""


@as_value(kw_only=True)
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
    as_of = read_as_of(answer.as_of, now)
    for it in answer.attributes.values():
        _check_day(it.updated_at, now)
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


def read_etag(text: str | None) -> str | None:
    """The entity tag, if it is one that can be sent back; None where it is not."""
    return text if text and len(text) <= LONGEST_ETAG and _ETAG.fullmatch(text) else None


def read_as_of(text: str, now: int) -> int:
    """The moment that it vouches for, in microseconds. Raises ``NotAsAgreed``."""
    return _moment(text, now + CLOCKS_DIFFER)


def _check_day(day: str | None, now: int) -> None:
    if day is not None:
        _moment(f"{day}T00:00:00Z", now + CLOCKS_DIFFER + FURTHEST_EAST)


def _moment(text: str, latest: int) -> int:
    if not _RFC_3339.fullmatch(text):
        raise NotAsAgreed("not a time")
    try:
        micros = round(_TIME.validate_python(text).timestamp() * SECOND)
    except ValidationError as error:
        raise NotAsAgreed("not a time") from error
    if not EARLIEST <= micros <= latest:
        raise NotAsAgreed("a time out of range")
    return micros
