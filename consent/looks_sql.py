"""The looks of one person, the newest first, along the index of their events.

Pages go on by key, so that what happens meanwhile moves nothing. However long ago something is, it
is looked for some events at a time, and others have their turn between.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing

from sqlalchemy import and_, bindparam, case, or_, select

from consent.looks import KIND, Look, Wish, look_of
from consent.rows import RECORD
from ledger.event import EventRow
from store.database import Database
from store.holds import holds
from store.schema import table

AT_ONCE = 500

_EVENT = table(EventRow)
_BODY = _EVENT.c.body
_IS_WISHED = and_(
    *(holds(_BODY, bindparam(name, type_=_BODY.type)) for name in ("kind", "client", "fact"))
)
SOME = (
    select(_EVENT.c.at, _EVENT.c.event_id, case((_IS_WISHED, _BODY)).label("body"))
    .where(
        _EVENT.c.account_id == bindparam("account_id"),
        _EVENT.c.at >= bindparam("since"),
        _EVENT.c.at <= bindparam("before"),
        or_(_EVENT.c.at < bindparam("before"), _EVENT.c.event_id < bindparam("before_id")),
    )
    .order_by(_EVENT.c.at.desc(), _EVENT.c.event_id.desc())
    .limit(AT_ONCE)
)
"""Events of a person, and the bytes of those that are wished for."""
CLIENTS = (
    select(RECORD.c.client_id)
    .where(RECORD.c.account_id == bindparam("account_id"))
    .distinct()
    .order_by(RECORD.c.client_id)
)

Read = tuple[str, str]
"""A client and an attribute."""


class SqlLooks:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._some = database.prepare(SOME)
        self._clients = database.prepare(CLIENTS)

    async def every(self, account_id: str, wish: Wish) -> AsyncGenerator[Sequence[Look], None]:
        """All of them, some at a time."""
        client, fact = wish.marks()
        marks = {"kind": KIND, "client": client, "fact": fact}
        at, event_id = wish.before
        while True:
            key = {"since": wish.since, "before": at, "before_id": event_id}
            rows = await self._database.read(self._some, account_id=account_id, **key, **marks)
            yield [look_of(row["body"]) for row in rows if row["body"] is not None]
            if len(rows) < AT_ONCE:
                return
            at, event_id = rows[-1]["at"], rows[-1]["event_id"]
            await asyncio.sleep(0)  # an embedded database answers without letting others in

    async def page(self, account_id: str, wish: Wish, most: int) -> Sequence[Look]:
        """At most so many, the newest first."""
        found: list[Look] = []
        async with aclosing(self.every(account_id, wish)) as parts:
            async for part in parts:
                found += part
                if len(found) >= most:
                    break
        return found[:most]

    async def last(
        self, account_id: str, reads: Collection[Read], wish: Wish
    ) -> Mapping[Read, int]:
        """When each of these was last read; absent if it never was."""
        found: dict[Read, int] = {}
        async with aclosing(self.every(account_id, wish)) as parts:
            async for part in parts:
                for look, name in ((it, name) for it in part for name in it.attributes):
                    found.setdefault((look.client_id, name), look.at)
                if found.keys() >= set(reads):
                    break
        return found

    async def clients(self, account_id: str) -> Sequence[str]:
        """The ids of all to whom this person ever gave anything."""
        rows = await self._database.read(self._clients, account_id=account_id)
        return [row["client_id"] for row in rows]
