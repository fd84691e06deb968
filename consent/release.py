"""Letting attributes leave: decided cell by cell, written down, and only then delivered.

OpenID Connect Core section 5.3.2. The event is inserted only while the grant, its record and its
purpose hold, in that same commit; if it cannot be written, nothing leaves. A token that was issued
earlier is never enough.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, exists, insert, literal, or_, select

from consent.catalogue import ATTRIBUTES
from consent.grant_statements import GRANT_IS_LIVE
from consent.model import LiveGrant
from consent.policy import released
from consent.ports import Clients, Purposes
from consent.rows import GRANT, PURPOSE, RECORD, RECORD_IS_GIVEN
from consent.sources import Sources
from consent.values import Need
from keys.secrets import new_id
from ledger.event import DataReleased, EventRow, Ledger
from store.database import Database, Unchanged, Write
from store.schema import table

_EVENT = table(EventRow)
_STILL_HOLDS = (
    select(*(bindparam(column.name, type_=column.type) for column in _EVENT.c))
    .select_from(GRANT.outerjoin(RECORD, RECORD.c.record_id == GRANT.c.record_id))
    .where(
        GRANT.c.grant_id == bindparam("the_grant"),
        GRANT_IS_LIVE,
        GRANT.c.record_id.is_not_distinct_from(bindparam("the_record")),
        or_(GRANT.c.record_id.is_(None), RECORD_IS_GIVEN),
        exists(literal(1)).where(
            PURPOSE.c.purpose_id == bindparam("the_purpose"),
            PURPOSE.c.version == bindparam("the_version"),
        ),
    )
)
_INSERT = insert(_EVENT).from_select([column.name for column in _EVENT.c], _STILL_HOLDS)


class GrantGone(Exception):
    """It ended before anything could leave."""


class Releases:
    """The only way out for a person's data."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        *,
        clients: Clients,
        purposes: Purposes,
        sources: Sources,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._clients = clients
        self._purposes = purposes
        self._sources = sources
        self._insert = database.prepare(_INSERT)

    async def deliver(self, live: LiveGrant, now: int) -> Mapping[str, Any]:
        """The claims that may leave and can be had; what may not or cannot is absent.

        Raises ``GrantGone``, and ``Unavailable`` when the release cannot be written down.
        """
        need = await self._need(live, now)
        if need is None or not need.attributes:
            return {}
        values = await self._sources.values(need, now)
        leaving = {
            name: {claim: value.claims[claim] for claim in value.claims.keys() & live.grant.claims}
            for name, value in values.items()
        }
        claims = {claim: said for part in leaving.values() for claim, said in part.items()}
        if claims:
            delivered = [name for name, part in leaving.items() if part]
            await self._write_down(live, need, delivered, now)
        return claims

    async def _need(self, live: LiveGrant, now: int) -> Need | None:
        grant = live.grant
        client = await self._clients.find(grant.client_id, now)
        if client is None:
            raise GrantGone("its client is disabled")
        if grant.purpose_id is None or grant.account_id is None:
            return None
        purpose = await self._purposes.find(grant.purpose_id, now)
        if purpose is None:
            return None
        return Need(
            account_id=grant.account_id,
            agency_id=client.agency_id,
            purpose=purpose,
            attributes=released(purpose, live.record, grant.claims),
            txn=new_id(now),
        )

    async def _write_down(
        self, live: LiveGrant, need: Need, delivered: Sequence[str], now: int
    ) -> None:
        grant = live.grant
        event = DataReleased(
            event_id=new_id(now),
            grant_id=grant.grant_id,
            record_id=grant.record_id,
            client_id=grant.client_id,
            account_id=need.account_id,
            purpose_id=need.purpose.purpose_id,
            purpose_version=need.purpose.version,
            attributes=tuple(delivered),
            registers=tuple(sorted({ATTRIBUTES[name].register_id for name in delivered})),
            txn=need.txn,
        )
        row = {
            **self._ledger.insert(event, now).values,
            "the_grant": grant.grant_id,
            "the_record": grant.record_id,
            "the_purpose": need.purpose.purpose_id,
            "the_version": need.purpose.version,
            "now": now,
        }
        try:
            await self._database.commit(Write(self._insert, row, must_change=True))
        except Unchanged as error:
            raise GrantGone("it ended at that moment") from error
