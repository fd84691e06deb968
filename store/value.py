"""Values: made once, never changed, equal where all that they hold is equal.

PEP 681. That nobody assigns to one is for the type checker to see, as types are. To forbid it at
run time as well, as ``frozen`` does, makes each cost three times as much (docs/adr/0016).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def as_value(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """A data class with slots. ``kw_only``: made by naming each of its members."""
    return dataclass(slots=True, kw_only=kw_only, unsafe_hash=True)
