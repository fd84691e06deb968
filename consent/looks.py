"""Who looked: the releases of a person's data, read back for that person.

Facts by their names, never by their values: the events hold none.
"""

from dataclasses import dataclass

import orjson

KIND = b'"type":"DataReleased"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A client got these attributes at that moment, for that purpose."""

    event_id: str
    at: int
    client_id: str
    purpose_id: str
    purpose_version: int
    attributes: tuple[str, ...]

    @property
    def key(self) -> "Key":
        return (self.at, self.event_id)


Key = tuple[int, str]
"""Where a look stands among the others: its time, and its id where two share a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Looks from ``since`` on and before the key; of one client, of one attribute, or of all."""

    since: int
    before: Key
    client_id: str | None = None
    attr_id: str | None = None

    def marks(self) -> tuple[bytes, bytes]:
        """What the bytes of an event hold if it fits. No other name is like an attribute's."""
        client = b"" if self.client_id is None else b'"client_id":' + orjson.dumps(self.client_id)
        return client, b"" if self.attr_id is None else orjson.dumps(self.attr_id)


def look_of(body: bytes) -> Look:
    """From the bytes of a ``DataReleased``."""
    said = orjson.loads(body)
    return Look(
        event_id=said["event_id"],
        at=said["at"],
        client_id=said["client_id"],
        purpose_id=said["purpose_id"],
        purpose_version=said["purpose_version"],
        attributes=tuple(said["attributes"]),
    )
