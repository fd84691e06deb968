"""Clients are as declared, whoever declares at the same moment, and found as they are."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import bindparam, select, update

from clients.apply import MovedToAnotherAgency
from clients.model import Agency
from clients.rows import CLIENT, AgencyRow
from clients.sql import SqlClients
from ledger.event import EventRow, Ledger
from ledger.kinds import AgencyApplied, ClientApplied
from store.database import Database, Write
from store.micros import SECOND
from store.schema import table
from tests.clients.samples import MINISTRY, NOON, PORTAL, TAX, client
from tests.conftest import OpenDatabase
from tests.watchman import Watchman

BEFORE = (
    '{"client_id":"portal","client_name":"Portal","client_names":{"vi":"Cổng","en":"Portal"},'
    '"agency_id":"tax-department","purpose_id":null,'
    '"redirect_uris":["https://portal.gov.example/callback"],"post_logout_redirect_uris":[],'
    '"backchannel_logout_uri":null,"backchannel_logout_session_required":false,'
    '"frontchannel_logout_uri":null,"frontchannel_logout_session_required":false,'
    '"initiate_login_uri":null,"client_uri":null,"logo_uri":null,"policy_uri":null,'
    '"tos_uri":null,"application_type":"web","grant_types":["authorization_code"],'
    '"sector_identifier_uri":null,"software_id":null,"software_version":null,'
    '"software_statement":null,"token_endpoint_auth_method":"client_secret_basic",'
    '"token_endpoint_auth_signing_alg":"ES256","jwks":[],"jwks_uri":null,'
    '"client_secret_digest":"984ca5162200734c592148f1820b71057f098573d138666b48663e4e30cd8d3a",'
    '"client_secret_sealed":"","id_token_signed_response_alg":"ES256",'
    '"request_object_signing_alg":null,"request_uris":[],'
    '"require_signed_request_object":false,"require_pushed_authorization_requests":false,'
    '"id_token_encrypted_response_alg":null,"id_token_encrypted_response_enc":null,'
    '"userinfo_signed_response_alg":null,"userinfo_encrypted_response_alg":null,'
    '"userinfo_encrypted_response_enc":null,"default_max_age":null,"require_auth_time":false,'
    '"default_acr_values":[],"scope":"openid","resource":null,"protected_resource":null,'
    '"introspection_signed_response_alg":"ES256","introspection_encrypted_response_alg":null,'
    '"introspection_encrypted_response_enc":null,"profile":"baseline","require_pkce":true}'
)
"""The portal as it was written before clients could be told apart by whence they fetch keys."""
OTHER = Agency(agency_id="another", names={"en": "Another"}, domain="another.example")
RENAMED = client(client_name="Another name")


def clients_in(database: Database, watch: Watchman | None = None) -> SqlClients:
    return SqlClients(database, Ledger(database, watch or Watchman()))


@pytest.mark.anyio
async def test_what_is_declared_is_there_and_reported(database: Database) -> None:
    watch = Watchman()
    clients, tax = clients_in(database, watch), client(**TAX)

    first = await clients.apply([MINISTRY], [PORTAL, tax], NOON)
    again = await clients.apply([MINISTRY], [PORTAL, tax], NOON + 1)
    changed = await clients.apply([MINISTRY], [RENAMED, tax], NOON + 2)

    names = [("agency", "tax-department"), ("client", "portal"), ("client", "tax")]
    assert [(it.kind, it.name) for it in first] == names
    assert [it.change for it in first] == ["added"] * 3
    assert [it.change for it in again] == ["unchanged"] * 3
    assert [it.change for it in changed] == ["unchanged", "changed", "unchanged"]
    told = [event for event in watch.seen if isinstance(event, AgencyApplied | ClientApplied)]
    assert [event.change for event in told] == ["added", "added", "added", "changed"]
    listed = await clients.show("portal")
    assert listed is not None
    assert (listed.created_at, listed.changed_at) == (NOON, NOON + 2)


@pytest.mark.anyio
async def test_a_client_is_found_with_its_agencys_names(database: Database) -> None:
    clients, tax = clients_in(database), client(**TAX)
    await clients.apply([MINISTRY], [tax], NOON)
    found = await clients.find("tax", NOON)
    assert found == tax.model_copy(
        update={"agency_names": MINISTRY.names, "domain": MINISTRY.domain}
    )
    assert await clients.find("nobody", NOON) is None


@pytest.mark.anyio
async def test_an_agencys_new_name_is_that_of_its_clients(database: Database) -> None:
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL], NOON)
    await clients.find("portal", NOON)
    renamed = MINISTRY.model_copy(update={"names": {"en": "Revenue"}, "domain": "rev.gov.example"})
    await clients.apply([renamed], [], NOON)
    found = await clients.find("portal", NOON + SECOND)
    assert found is not None
    assert (found.agency_names, found.domain) == ({"en": "Revenue"}, "rev.gov.example")


@pytest.mark.anyio
async def test_a_change_is_seen_within_a_second(database: Database) -> None:
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL], NOON)
    before = await clients.find("portal", NOON)
    await clients_in(database).apply([], [RENAMED], NOON)
    assert await clients.find("portal", NOON + SECOND - 1) is before
    found = await clients.find("portal", NOON + SECOND)
    assert found is not None
    assert found.client_name == "Another name"


@pytest.mark.anyio
async def test_a_disabled_client_is_not_found_and_stays_disabled(database: Database) -> None:
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL], NOON)
    assert await clients.find("portal", NOON)

    assert await clients.disable("portal", NOON)

    assert await clients.find("portal", NOON + SECOND) is None
    assert not await clients.disable("portal", NOON + SECOND)
    assert not await clients.disable("nobody", NOON)
    await clients.apply([MINISTRY], [RENAMED], NOON + SECOND)
    assert await clients.find("portal", NOON + 2 * SECOND) is None
    assert [it.disabled_at for it in await clients.list()] == [NOON]
    kept = await database.read(database.prepare(select(table(EventRow))))
    assert [b'"ClientDisabled"' in row["body"] for row in kept].count(True) == 1


@pytest.mark.anyio
async def test_what_is_written_otherwise_but_says_the_same_is_left_alone(
    database: Database,
) -> None:
    """Sets have no order, and an older program did not know all members."""
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL], NOON)
    text = PORTAL.model_dump_json(exclude_defaults=True)
    rewrite = update(CLIENT).values(metadata_json=bindparam("text"))
    await database.commit(Write(database.prepare(rewrite), {"text": text}))
    assert [it.change for it in await clients.apply([], [PORTAL], NOON)] == ["unchanged"]


@pytest.mark.anyio
async def test_a_client_is_written_so_that_the_version_before_can_read_it(
    database: Database,
) -> None:
    """Both run while processes are updated, and it refuses what it does not know."""
    clients, near = clients_in(database), client(client_id="near", source_networks=["10.0.0.0/8"])
    text = database.prepare(select(CLIENT.c.metadata_json).order_by(CLIENT.c.client_id))
    own = client(client_id="own", key_set_name="0" * 22)
    await clients.apply([MINISTRY], [PORTAL, near, own], NOON)
    rows = [row["metadata_json"] for row in await database.read(text)]
    assert rows == [
        BEFORE.replace('"portal"', '"near"')[:-1] + ',"source_networks":["10.0.0.0/8"]}',
        BEFORE.replace('"portal"', '"own"')[:-1] + f',"key_set_name":"{"0" * 22}"}}',
        BEFORE,
    ]

    again = [
        it.model_copy(update={"key_set_name": None, "source_networks": ()}) for it in (near, own)
    ]
    assert [it.change for it in await clients.apply([], again, NOON)] == ["changed"] * 2
    rows = [row["metadata_json"] for row in await database.read(text)]
    assert rows == [BEFORE.replace('"portal"', f'"{it}"') for it in ("near", "own", "portal")]


@pytest.mark.anyio
async def test_what_is_not_declared_stays(database: Database) -> None:
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL, client(**TAX)], NOON)
    await clients.apply([OTHER], [client(client_id="new", agency_id="another")], NOON)
    assert [it.client.client_id for it in await clients.list()] == ["new", "portal", "tax"]


@pytest.mark.anyio
async def test_a_client_stays_with_its_agency(database: Database) -> None:
    """Otherwise it would know people by other subjects, or learn those of others."""
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL], NOON)
    with pytest.raises(MovedToAnotherAgency):
        await clients.apply([OTHER], [client(agency_id="another")], NOON)
    rows = await database.read(database.prepare(select(table(AgencyRow))))
    assert [row["agency_id"] for row in rows] == ["tax-department"]


@pytest.mark.anyio
async def test_of_many_who_declare_the_same_one_writes_it(open_database: OpenDatabase) -> None:
    watch = Watchman()
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(10)]
        reports = await asyncio.gather(
            *(clients_in(door, watch).apply([MINISTRY], [PORTAL], NOON) for door in doors)
        )
        rows = await doors[0].read(doors[0].prepare(select(CLIENT)))
    assert len(rows) == 1
    changes = [tuple(it.change for it in report) for report in reports]
    assert changes.count(("added", "added")) == 1
    assert changes.count(("unchanged", "unchanged")) == 9


@pytest.mark.anyio
async def test_networks_are_those_of_clients_that_have_any_and_are_not_disabled(
    database: Database,
) -> None:
    clients = clients_in(database)
    at = {it: client(client_id=it, source_networks=[f"192.0.2.{it}/32"]) for it in ("1", "2")}
    none = client(client_id="3", client_name='"source_networks":["')
    await clients.apply([MINISTRY], [*at.values(), none], NOON)
    assert await clients.networks() == {it: at[it].source_networks for it in at}
    await clients.disable("2", NOON)
    assert [*await clients.networks()] == ["1"]


@pytest.mark.anyio
async def test_networks_are_learnt_from_what_else_cannot_be_read(database: Database) -> None:
    """Of one row that is no JSON nothing is learnt; of a later version what is known here."""
    clients = clients_in(database)
    names = ("broken", "later", "sound")
    at = [client(client_id=it, source_networks=["192.0.2.0/24"]) for it in names]
    await clients.apply([MINISTRY], at, NOON)
    spoil = (
        update(CLIENT)
        .where(CLIENT.c.client_id == bindparam("the_client"))
        .values(metadata_json=bindparam("text"))
    )
    statement = database.prepare(spoil)
    later = '{"source_networks":["192.0.2.0/24"],"of_a_later_version":1}'
    for name, text in (("broken", '{"source_networks":["'), ("later", later)):
        await database.commit(Write(statement, {"the_client": name, "text": text}))
    assert {*await clients.networks()} == {"later", "sound"}
    assert [it.client.client_id for it in await clients.list()] == ["sound"]


@pytest.mark.anyio
async def test_an_agency_that_cannot_be_read_is_mended_by_declaring_it_again(
    database: Database,
) -> None:
    clients = clients_in(database)
    await clients.apply([MINISTRY], [PORTAL], NOON)
    spoil = database.prepare(update(table(AgencyRow)).values(metadata_json=bindparam("text")))
    await database.commit(Write(spoil, {"text": "{}"}))
    assert await clients.list() == []
    assert [it.change for it in await clients.apply([MINISTRY], [], NOON)] == ["changed"]
    assert len(await clients.list()) == 1
