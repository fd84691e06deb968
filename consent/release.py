"""Letting attributes leave: decided cell by cell, written down, and only then delivered.

OpenID Connect Core section 5.3.2. The event is inserted only while the grant, its record and its
purpose hold, in that same commit; if it cannot be written, nothing leaves. A token that was issued
earlier is never enough.
"""

from collections.abc import Mapping
from typing import Any

from consent.claims import Claims, claims_of
from consent.grant_statements import RELEASE
from consent.policy import LiveGrant, released
from consent.ports import Clients, Purposes
from consent.purposes import Purpose
from consent.registers.answer import Fetched
from consent.sources import Sources, in_order, registers_of
from consent.values import Need, Shown, shown
from keys.secrets import new_id, two_ids
from ledger.event import Ledger
from ledger.kinds import DataReleased
from store.database import Database, Unchanged, Write

PREVIEW = "preview"
"""The purpose a register is told when a person looks at their own data."""


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
        self._insert = database.prepare(RELEASE)

    async def deliver(self, live: LiveGrant, now: int) -> Mapping[str, Any]:
        """The claims that may leave and can be had; what may not or cannot is absent.

        Raises ``GrantGone``, and ``Unavailable`` when the release cannot be written down.
        """
        client = await self._clients.find(live.client_id, now)
        if client is None:
            raise GrantGone("its client is disabled")
        if live.purpose_id is None or live.account_id is None:
            return {}
        purpose = await self._purposes.find(live.purpose_id, now)
        if purpose is None:
            return {}
        event_id, txn = two_ids(now)
        need = _need(live, live.account_id, purpose, client.agency_id, txn)
        found = await self._sources.fetched(need, now)
        claims, delivered = leaving(need.attributes, found, live.claims)
        if claims:
            written = self._written(_event(event_id, live, need, purpose, delivered), now)
            try:
                await self._database.commit(written)
            except Unchanged as error:
                raise GrantGone("it ended at that moment") from error
        return claims

    async def preview(
        self, account_id: str, attributes: frozenset[str], now: int
    ) -> Mapping[str, Shown]:
        """What the sources hold, for the person alone: no agency is told, nothing is released."""
        need = Need(
            account_id=account_id,
            attributes=attributes,
            purpose=PREVIEW,
            on_behalf=PREVIEW,
            txn=new_id(now),
        )
        values = await self._sources.values(need, now)
        return {name: shown(value) for name, value in values.items()}

    def _written(self, event: DataReleased, now: int) -> Write:
        row = self._ledger.row(event, now)
        row["the_grant"] = event.grant_id
        row["the_record"] = event.record_id
        row["the_purpose"] = event.purpose_id
        row["the_version"] = event.purpose_version
        row["now"] = now
        return Write(self._insert, row, must_change=True)


def _need(live: LiveGrant, account_id: str, purpose: Purpose, agency_id: str, txn: str) -> Need:
    return Need(
        account_id=account_id,
        attributes=released(purpose, live.allowed, live.claims),
        purpose=f"{purpose.purpose_id}:{purpose.version}",
        on_behalf=agency_id,
        txn=txn,
        cells=purpose.by_attribute,
        contact=live.contact,
    )


def leaving(
    attributes: frozenset[str], found: Mapping[str, Fetched], asked: frozenset[str]
) -> tuple[Claims, tuple[str, ...]]:
    """Of what was found, the claims that were asked for, and which attributes they are of."""
    claims: Claims = {}
    delivered = []
    for attribute in in_order(attributes):
        attr_id = attribute.attr_id
        if attr_id in found:
            held = claims_of(attribute, found[attr_id].value)
            if not asked.issuperset(held):
                held = {claim: said for claim, said in held.items() if claim in asked}
            if held:
                delivered.append(attr_id)
                claims |= held
    return claims, tuple(delivered)


def _event(
    event_id: str, live: LiveGrant, need: Need, purpose: Purpose, delivered: tuple[str, ...]
) -> DataReleased:
    return DataReleased(
        event_id=event_id,
        grant_id=live.grant_id,
        record_id=live.record_id,
        client_id=live.client_id,
        account_id=need.account_id,
        purpose_id=purpose.purpose_id,
        purpose_version=purpose.version,
        attributes=delivered,
        registers=registers_of(delivered),
        txn=need.txn,
    )
