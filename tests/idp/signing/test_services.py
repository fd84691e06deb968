"""Relying parties as the gate sees them, on both engines."""

from asyncio import gather
from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import insert, update
from structlog.testing import capture_logs

from clients.rows import CLIENT
from clients.sql import SqlClients
from consent.rows import GRANT
from idp.app import log
from idp.signing.services import COUNTED, LOOK_BACK, SqlServices
from ledger.event import Ledger
from ledger.kinds import ClientUnreadable
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


async def test_sign_ins_are_counted_once_in_some_minutes_however_many_look(
    database: Database,
) -> None:
    clients = SqlClients(database, Ledger(database, Watchman()))
    await clients.apply(AGENCIES, [client("shop")], NOON)
    statement, services = database.prepare(insert(GRANT)), SqlServices(database, clients)

    async def seen(now: int) -> dict[str, int]:
        return {it.client_id: it.sign_ins for it in await services(now)}

    assert await seen(NOON) == {"shop": 0}
    await database.commit(Write(statement, grant("1", "shop", NOON)))
    await clients.apply([], [client("bank")], NOON)

    nearly = [await gather(*(seen(NOON + COUNTED - 1) for _ in range(3)))]
    assert nearly == [[{"bank": 0, "shop": 0}] * 3], "services are those of this moment"
    assert await seen(NOON + COUNTED) == {"bank": 0, "shop": 1}
    await database.commit(Write(statement, grant("2", "shop", NOON)))
    assert await seen(NOON) == {"bank": 0, "shop": 2}, "nobody knows what a clock set back means"


@pytest.mark.parametrize("broken", ["{", "[]", '{"client_id":"old"}', '{"later":1}'])
async def test_one_client_that_cannot_be_read_is_told_and_left_out(
    database: Database, broken: str
) -> None:
    """Otherwise one row would end rotation, and the emergency stop."""
    watch = Watchman()
    clients = SqlClients(database, Ledger(database, watch))
    await clients.apply(AGENCIES, [client("shop"), client("old")], NOON)
    spoil = update(CLIENT).where(CLIENT.c.client_id == "old").values(metadata_json=broken)
    await database.commit(Write(database.prepare(spoil), {}))
    grants = [grant("1", "shop", NOON), grant("2", "old", NOON)]
    statement = database.prepare(insert(GRANT))
    await database.commit(*(Write(statement, row) for row in grants))

    found = await SqlServices(database, clients)(NOON)

    assert [(it.client_id, it.sign_ins) for it in found] == [("shop", 1)]
    [told] = [it for it in watch.seen if isinstance(it, ClientUnreadable)]
    assert told.client_id == "old"
    with capture_logs() as lines:
        log(told)
    assert [(it["event"], it["log_level"], it["client"]) for it in lines] == [
        ("client unreadable", "error", "old")
    ]
    await clients.apply([], [client("old")], NOON)
    assert len(await SqlServices(database, clients)(NOON)) == 2, "to declare it again mends it"
