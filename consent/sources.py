"""Values from where they are kept: the account, and the registers, all asked at once.

A value is as fresh as its class and its cell want it, or it is fetched; what cannot be had is
*unavailable*, never stale.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from consent.catalogue import ATTRIBUTES, Attribute
from consent.policy import REMEMBERED
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
        return {it.attr_id: value_of(it, found.get(it.attr_id)) for it in in_order(need.attributes)}

    async def fetched(self, need: Need, now: int) -> Mapping[str, Fetched]:
        """What there is of each attribute, as it was fetched; what cannot be had is absent."""
        found: dict[str, Fetched] = {}
        stale = []
        for register_id, attributes in by_register(need.attributes):
            if register_id == ACCOUNT:
                if need.contact is None:
                    held = await self._people.contact(need.account_id)
                else:
                    held = self._people.opened(need.contact, need.account_id)
                found |= _of_account(attributes, held, now)
                continue
            entry = await self._cache.load(register_id, need.account_id)
            fresh = _fresh(attributes, entry, need, now)
            found |= fresh
            if len(fresh) < len(attributes):
                old = [it for it in attributes if it.attr_id not in fresh]
                stale.append((register_id, entry, old))
        if stale:
            asked = [self._refreshed(*it, need, now) for it in stale]
            for news in await asyncio.gather(*asked):
                found |= news
        return found

    async def _refreshed(
        self, register_id: str, entry: Entry, old: Sequence[Attribute], need: Need, now: int
    ) -> dict[str, Fetched]:
        """What of these there is, asked for again; nothing, if the register is down."""
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
            return {}
        entry = entry.after(reply, fields, now)
        await self._cache.save(register_id, need.account_id, entry)
        return _fresh(old, entry, need, now)


def _of_account(
    attributes: Sequence[Attribute], held: Mapping[str, Any], now: int
) -> dict[str, Fetched]:
    return {
        it.attr_id: Fetched(value=held.get(it.attr_id), updated_at=None, as_of=None, fetched_at=now)
        for it in attributes
    }


def _fresh(
    attributes: Sequence[Attribute], entry: Entry, need: Need, now: int
) -> dict[str, Fetched]:
    return {
        it.attr_id: held
        for it in attributes
        if (held := entry.fields.get(it.field)) is not None and is_fresh(it, held, need, now)
    }


@lru_cache(maxsize=REMEMBERED)
def in_order(attributes: frozenset[str]) -> Sequence[Attribute]:
    """That of the catalogue."""
    return tuple(it for name, it in ATTRIBUTES.items() if name in attributes)


@lru_cache(maxsize=REMEMBERED)
def registers_of(attributes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({ATTRIBUTES[name].register_id for name in attributes}))


@lru_cache(maxsize=REMEMBERED)
def by_register(attributes: frozenset[str]) -> Sequence[tuple[str, Sequence[Attribute]]]:
    """Those of each register, which comes where the first of them does in the catalogue."""
    found: dict[str, list[Attribute]] = {}
    for it in in_order(attributes):
        found.setdefault(it.register_id, []).append(it)
    return tuple((register_id, tuple(its)) for register_id, its in found.items())
