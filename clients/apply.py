"""What must be written so that agencies and clients are as declared, and what to say of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from clients import rows
from clients.declared import Applied, Change, Step
from clients.model import APPROVED, FROM_AGENCY, LATER, Agency, Client
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import AgencyApplied, ClientApplied, Kept
from store.database import Database, Prepared, Write


class MovedToAnotherAgency(Exception):
    """A client stays with its agency: people are known to it by that agency's subjects."""


class Declared:
    """Compares what is declared with what there is. Of two who declare at once, the last holds."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._agency = database.prepare(rows.AGENCY_TEXT)
        self._client = database.prepare(rows.FIND)
        self._insert_agency = database.prepare(rows.INSERT_AGENCY)
        self._insert_client = database.prepare(rows.INSERT_CLIENT)
        self._change_agency = database.prepare(rows.CHANGE_AGENCY)
        self._change_client = database.prepare(rows.CHANGE_CLIENT)

    async def agency(self, agency: Agency, now: int) -> Step:
        name = agency.agency_id
        found = await self._database.read(self._agency, the_agency=name)
        old = found[0]["metadata_json"] if found else None
        text = agency.model_dump_json()
        if old is not None and _same(Agency, old, text):
            return Step(Applied("agency", name, "unchanged"))
        change: Change = "added" if old is None else "changed"
        statement = self._insert_agency if old is None else self._change_agency
        event = AgencyApplied(event_id=new_id(now), agency_id=name, change=change)
        values = {"agency_id": name, "the_agency": name, **_values(text, now)}
        return Step(Applied("agency", name, change), self._writes(statement, values, event, now))

    async def client(self, client: Client, now: int) -> Step:
        """Raises ``MovedToAnotherAgency``."""
        name = client.client_id
        found = await self._database.read(self._client, the_client=name)
        if found and found[0]["agency_id"] != client.agency_id:
            raise MovedToAnotherAgency(f"client {name} stays with its agency.")
        text = written(client)
        old = found[0]["metadata_json"] if found else None
        if old is not None and _same(Client, old, text):
            return Step(Applied("client", name, "unchanged"))
        change: Change = "added" if old is None else "changed"
        statement = self._insert_client if old is None else self._change_client
        event = ClientApplied(event_id=new_id(now), client_id=name, change=change)
        of_agency = {"client_id": name, "agency_id": client.agency_id}
        values = {**of_agency, "the_client": name, **_values(text, now)}
        return Step(Applied("client", name, change), self._writes(statement, values, event, now))

    def _writes(
        self, statement: Prepared, values: Mapping[str, Any], event: Kept, now: int
    ) -> Sequence[Write]:
        return (Write(statement, values), self._ledger.insert(event, now))


def written(client: Client) -> str:
    """As its row has it: without what is its agency's, and in words that the version before has."""
    unsaid = [it for it in LATER if getattr(client, it) == Client.model_fields[it].default]
    return client.model_dump_json(exclude={*FROM_AGENCY, *APPROVED, *unsaid})


def _same(kind: type[BaseModel], old: str, new: str) -> bool:
    """Sets have no order, so texts may differ where values do not. The unreadable is replaced."""
    try:
        return kind.model_validate_json(old) == kind.model_validate_json(new)
    except ValidationError:
        return False


def _values(text: str, now: int) -> dict[str, Any]:
    """For both statements: the insert takes some of them, the change others."""
    inserted = {"metadata_json": text, "created_at": now, "changed_at": now, "disabled_at": None}
    return {**inserted, "new_json": text, "now": now}
