"""Messages about people: sealed in the outbox, for whoever sends them to open.

Who reads the table learns that something is to be sent, not about whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson

from consent.reached import Reached
from keys.data_keys.columns import SealedColumn
from keys.vault import Vault
from store.database import Database, Write
from store.dead_letters import DeadLetters
from store.outbox import OUTBOX, Message, Outbox

BODY = SealedColumn(OUTBOX, "body")


class Letters:
    def __init__(self, outbox: Outbox, vault: Vault) -> None:
        self._outbox = outbox
        self._vault = vault

    def insert(self, message_id: str, kind: str, content: Mapping[str, Any], now: int) -> Write:
        """To be committed with the change it tells of. The same id twice is one message."""
        body = self.seal(message_id, content)
        return self._outbox.insert(Message(message_id=message_id, kind=kind, body=body), now)

    def seal(self, place: str, content: Mapping[str, Any]) -> bytes:
        return self._vault.seal(orjson.dumps(content), BODY.place(place))

    def open(self, place: str, body: bytes) -> dict[str, Any]:
        """What was sealed for this place. Raises ``keys.vault.Unsealable``."""
        return dict(orjson.loads(self._vault.open(body, BODY.place(place))))


@dataclass(frozen=True, slots=True)
class Post:
    """Doors only: what is to be sent, for whoever puts it there and for whoever sends it."""

    outbox: Outbox
    dead_letters: DeadLetters
    letters: Letters
    reached: Reached

    @classmethod
    def over(cls, database: Database, vault: Vault) -> Self:
        outbox = Outbox(database)
        return cls(outbox, DeadLetters(database), Letters(outbox, vault), Reached(database))
