"""What is asked of a register, and its reply, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consent.registers.answer import Fetched


class RegisterDown(Exception):
    """It does not answer, or not as agreed. What it holds is not available now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """``pairing_key`` makes the pseudonyms of this register."""

    register_id: str
    url: str
    pairing_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, why, and for whom. ``etag`` is what it said to this very question before."""

    number: str = field(repr=False)
    fields: frozenset[str]
    txn: str
    purpose: str
    basis: str
    on_behalf: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """``fields`` is None where nothing has changed since ``etag``.

    ``as_of`` is then the moment that the register vouches for now, in microseconds.
    """

    fields: Mapping[str, Fetched] | None
    etag: str | None
    as_of: int | None = None
