"""Values from where they are kept: the account, and the registers, all asked at once.

A value is as fresh as its class and its cell want it, or it is fetched; what cannot be had is
*unavailable*, never stale.
"""

import asyncio
from collections.abc import Mapping

from consent.catalogue import ATTRIBUTES, Attribute
from consent.ports import People
from consent.registers.answer import Fetched
from consent.registers.cache import Cache, Entry
from consent.registers.connector import Connector
from consent.registers.question import Question, RegisterDown
from consent.values import Need, Value, is_fresh, value_of

ACCOUNT = "account"


class Sources:
    """``cache`` and ``connector`` for registers, ``people`` for the account's own."""

    def __init__(self, people: People, connector: Connector, cache: Cache) -> None:
        self._people = people
        self._connector = connector
        self._cache = cache

    async def values(self, need: Need, now: int) -> Mapping[str, Value]:
        """One for each attribute, in the order of the catalogue."""
        wanted = [it for name, it in ATTRIBUTES.items() if name in need.attributes]
        by_source: dict[str, list[Attribute]] = {}
        for attribute in wanted:
            by_source.setdefault(attribute.register_id, []).append(attribute)
        asked = (self._of(source, of, need, now) for source, of in by_source.items())
        found = {name: it for part in await asyncio.gather(*asked) for name, it in part.items()}
        return {it.attr_id: value_of(it, found.get(it.attr_id)) for it in wanted}

    async def _of(
        self, source: str, attributes: list[Attribute], need: Need, now: int
    ) -> Mapping[str, Fetched]:
        if source == ACCOUNT:
            return await self._of_account(attributes, need, now)
        return await self._of_register(source, attributes, need, now)

    async def _of_account(
        self, attributes: list[Attribute], need: Need, now: int
    ) -> Mapping[str, Fetched]:
        held = await self._people.contact(need.account_id)
        return {
            it.attr_id: Fetched(
                value=held.get(it.attr_id), updated_at=None, as_of=None, fetched_at=now
            )
            for it in attributes
        }

    async def _of_register(
        self, register_id: str, attributes: list[Attribute], need: Need, now: int
    ) -> Mapping[str, Fetched]:
        entry = await self._cache.load(register_id, need.account_id)
        old = [it for it in attributes if not is_fresh(it, entry.fields.get(it.field), need, now)]
        if old:
            entry = await self._refreshed(register_id, entry, old, need, now)
        return {
            it.attr_id: entry.fields[it.field]
            for it in attributes
            if is_fresh(it, entry.fields.get(it.field), need, now)
        }

    async def _refreshed(
        self, register_id: str, entry: Entry, old: list[Attribute], need: Need, now: int
    ) -> Entry:
        """The entry with these asked for again; as it was, if the register is down."""
        fields = frozenset(it.field for it in old)
        question = Question(
            number=await self._people.number_of(need.account_id),
            fields=fields,
            txn=need.txn,
            purpose=need.purpose,
            basis=need.basis(old),
            on_behalf=need.on_behalf,
            etag=entry.etag_for(fields),
        )
        try:
            reply = await self._connector.ask(register_id, question, now)
        except RegisterDown:
            return entry
        entry = entry.after(reply, fields, now)
        await self._cache.save(register_id, need.account_id, entry)
        return entry
