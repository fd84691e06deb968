"""Stopping one thing of those that are shared: what remains, or why it cannot be stopped alone.

A choice can be taken back item by item. What a service needs stands and falls with the whole;
that it may look when nobody is there (``OFFLINE``) stands alone.
"""

from enum import Enum, auto

from consent.model import Record
from consent.purposes import Purpose


class Kept(Enum):
    """Why everything stays as it is."""

    NOT_SHARED = auto()
    REQUIRED = auto()


def without(record: Record, purpose: Purpose | None, attr_id: str) -> frozenset[str] | Kept:
    """What the record still allows when ``attr_id`` is stopped. Nothing else changes."""
    if attr_id not in record.allowed:
        return Kept.NOT_SHARED
    if needed(purpose, attr_id):
        return Kept.REQUIRED
    return record.allowed - {attr_id}


def needed(purpose: Purpose | None, attr_id: str) -> bool:
    """Whether the purpose cannot do without it."""
    cell = purpose.by_attribute.get(attr_id) if purpose else None
    return cell is not None and cell.necessity == "required"
