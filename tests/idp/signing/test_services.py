"""Relying parties as the gate sees them, on both engines."""

from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import insert

from clients.sql import SqlClients
from consent.rows import GRANT
from idp.signing.services import LOOK_BACK, SqlServices
from ledger.event import Ledger
from store.database import Database, Write
from tests.keys.samples import NOON
from tests.sample import AGENCIES, client
from tests.watchman import Watchman

pytestmark = pytest.mark.anyio


def grant(grant_id: str, client_id: str, at: int, account_id: str | None = "a") -> dict[str, Any]:
    empty = dict.fromkeys(column.name for column in GRANT.c)
    said = {"grant_id": grant_id, "client_id": client_id, "created_at": at, "subject": "s"}
    return {**empty, **said, "account_id": account_id, "scope": "openid", "claims": ""}


async def test_who_is_known_what_it_believes_and_who_signed_in_there(database: Database) -> None:
    clients = SqlClients(database, Ledger(database, Watchman()))
    network = ip_network("192.0.2.0/24")
    listed = [
        client("named", key_set_name="0" * 22),
        client("near", source_networks=(network,)),
        client("old", id_token_signed_response_alg="RS256"),
        client("gone", source_networks=(network,)),
    ]
    await clients.apply(AGENCIES, listed, NOON)
    await clients.disable("gone", NOON)
    rows = [
        grant("1", "named", NOON),
        grant("2", "named", NOON - LOOK_BACK + 1),
        grant("3", "named", NOON - LOOK_BACK),
        grant("4", "named", NOON, account_id=None),
        grant("5", "gone", NOON),
        grant("6", "old", NOON),
    ]
    statement = database.prepare(insert(GRANT))
    await database.commit(*(Write(statement, row) for row in rows))

    found = await SqlServices(database, clients)(NOON)

    assert [(it.client_id, it.known, it.algs, it.sign_ins) for it in found] == [
        ("named", True, frozenset({"ES256"}), 2),
        ("near", True, frozenset({"ES256"}), 0),
        ("old", False, frozenset({"RS256"}), 1),
    ]
    assert {(it.name, it.agency_id) for it in found} >= {("Named", "trade")}
