"""What a register said a moment ago: sealed, short-lived, and free to be lost.

RFC 9111 is not asked here: how old a value may be is the catalogue's and the purpose's to say,
judged with ``now`` by whoever reads. This is no second register.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, field, replace
from typing import Any

import orjson

from consent.catalogue import FRESHNESS
from consent.registers.answer import Fetched
from consent.registers.question import Reply
from keys.secrets import digest
from store.database import Unavailable
from store.micros import SECOND
from store.one_time import OneTime
from store.value import as_value

LONGEST = max(FRESHNESS.values())


@as_value()
class Entry:
    """``etag`` belongs to the answer to exactly the fields ``of``."""

    fields: Mapping[str, Fetched] = field(default_factory=dict)
    etag: str | None = None
    of: Collection[str] = ()

    def etag_for(self, fields: frozenset[str]) -> str | None:
        """The ETag to show for this very question, if what it stands for is still here."""
        return self.etag if set(self.of) == fields <= self.fields.keys() else None

    def after(self, reply: Reply, asked: frozenset[str], now: int) -> "Entry":
        """What is known once the register has replied."""
        news = reply.fields
        if news is None:
            news = {
                name: replace(self.fields[name], as_of=reply.as_of, fetched_at=now)
                for name in asked
            }
        kept = {name: it for name, it in self.fields.items() if now - it.fetched_at <= LONGEST}
        return Entry(fields={**kept, **news}, etag=reply.etag, of=asked)


class Cache:
    """One entry for each register and account, in a sealed ``OneTime``."""

    def __init__(self, sealed: OneTime, register_ids: Collection[str]) -> None:
        self._sealed = sealed
        self._register_ids = register_ids

    async def load(self, register_id: str, account_id: str) -> Entry:
        """Whatever is there: nothing, when the store is gone."""
        try:
            return _read(await self._sealed.peek(_key(register_id, account_id)))
        except Unavailable:
            return Entry()

    async def save(self, register_id: str, account_id: str, entry: Entry) -> None:
        """As well as can be."""
        said = {
            "fields": {name: asdict(it) for name, it in entry.fields.items()},
            "etag": entry.etag,
            "of": sorted(entry.of),
        }
        with suppress(Unavailable):
            await self._sealed.put(_key(register_id, account_id), orjson.dumps(said), ttl=LONGEST)

    async def forget(self, account_id: str) -> None:
        """Overwrite everything about this person."""
        for register_id in self._register_ids:
            await self._sealed.put(_key(register_id, account_id), b"", ttl=SECOND)


def _key(register_id: str, account_id: str) -> str:
    return f"register:{register_id}:{digest(account_id)}"


def _read(value: bytes | None) -> Entry:
    if not value:
        return Entry()
    said: dict[str, Any] = orjson.loads(value)
    fields = {name: Fetched(**it) for name, it in said["fields"].items()}
    return Entry(fields, said["etag"], said["of"])
