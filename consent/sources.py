"""Values from where they are kept: the account, and the registers, all asked at once.

A value is as fresh as its class and its cell want it, or it is fetched; what cannot be had is
*unavailable*, never stale.
"""

import asyncio
from collections.abc import Mapping, Sequence

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
        found = await self.fetched(need, now)
        return {it.attr_id: value_of(it, fetched) for it, fetched in found}

    async def fetched(self, need: Need, now: int) -> Sequence[tuple[Attribute, Fetched | None]]:
        """What there is of each attribute, as it was fetched; in the order of the catalogue."""
        wanted = [it for name, it in ATTRIBUTES.items() if name in need.attributes]
        by_register: dict[str, list[Attribute]] = {}
        for attribute in wanted:
            by_register.setdefault(attribute.register_id, []).append(attribute)
        found = await self._of_account(by_register.pop(ACCOUNT, []), need, now)
        entries = {name: await self._cache.load(name, need.account_id) for name in by_register}
        for name, attributes in by_register.items():
            found |= _fresh(attributes, entries[name], need, now)
        stale = [
            self._refreshed(name, entries[name], old, need, now)
            for name, attributes in by_register.items()
            if (old := [it for it in attributes if found[it.attr_id] is None])
        ]
        for name, entry in await asyncio.gather(*stale) if stale else ():
            found |= _fresh(by_register[name], entry, need, now)
        return [(it, found[it.attr_id]) for it in wanted]

    async def _of_account(
        self, attributes: Sequence[Attribute], need: Need, now: int
    ) -> dict[str, Fetched | None]:
        if not attributes:
            return {}
        if need.contact is None:
            held = await self._people.contact(need.account_id)
        else:
            held = self._people.opened(need.contact, need.account_id)
        return {
            it.attr_id: Fetched(
                value=held.get(it.attr_id), updated_at=None, as_of=None, fetched_at=now
            )
            for it in attributes
        }

    async def _refreshed(
        self, register_id: str, entry: Entry, old: Sequence[Attribute], need: Need, now: int
    ) -> tuple[str, Entry]:
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
            return register_id, entry
        entry = entry.after(reply, fields, now)
        await self._cache.save(register_id, need.account_id, entry)
        return register_id, entry


def _fresh(
    attributes: Sequence[Attribute], entry: Entry, need: Need, now: int
) -> dict[str, Fetched | None]:
    return {
        it.attr_id: old if is_fresh(it, old := entry.fields.get(it.field), need, now) else None
        for it in attributes
    }
