"""Who registers, and who deletes, at the same moment: on both engines, by several processes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import bindparam, func, select

from clients.courier import Courier
from clients.dynamic.draft import Drafts
from clients.dynamic.invites import STANDING, Invite, Invites
from clients.dynamic.policy import Policy
from clients.dynamic.refused import NotInvited, NotItsOwn, TooMany
from clients.dynamic.registrar import Doors, Registrar
from clients.dynamic.rows import INVITE, REGISTRATION
from clients.networks import Networks
from clients.secrets import ClientSecrets
from clients.sql import SqlClients
from consent.ports import Then
from keys.vault import Vault
from ledger.event import Ledger
from store.database import Conflict, Database, Unavailable, Write
from store.micros import DAY, HOUR
from tests.clients.samples import NOON
from tests.conftest import OpenDatabase
from tests.watchman import Watchman

pytestmark = pytest.mark.anyio

DOORS = 3
SAID = {"redirect_uris": ["https://shop.example/cb"], "token_endpoint_auth_method": "none"}
OPEN = Policy(open=True, rate=4)
_COUNT = select(func.count().label("number")).select_from(REGISTRATION)
_LEFT = select(INVITE.c.remaining).where(INVITE.c.invite_id == bindparam("the_invite"))


def nothing(client_id: str, now: int) -> Sequence[Write]:
    return ()


def registrar(database: Database, courier: Courier, policy: Policy = OPEN) -> Registrar:
    ledger = Ledger(database, Watchman())
    sealed = ClientSecrets(Vault(b"k" * 32))
    doors = Doors(
        database=database,
        ledger=ledger,
        clients=SqlClients(database, ledger),
        invites=Invites(database, ledger),
        drafts=Drafts(policy=policy, sealed=sealed, courier=courier),
        end_grants=nothing,
    )
    return Registrar(doors, policy)


@asynccontextmanager
async def processes(
    open_database: OpenDatabase, policy: Policy = OPEN
) -> AsyncIterator[tuple[Database, list[Registrar]]]:
    async with AsyncExitStack() as stack:
        courier = await stack.enter_async_context(Courier(Networks()))
        opened = [await stack.enter_async_context(open_database()) for _ in range(DOORS)]
        yield opened[0], [registrar(database, courier, policy) for database in opened]


async def registered(database: Database) -> int:
    [row] = await database.read(database.prepare(_COUNT))
    return int(row["number"])


async def at_once(all_of_them: list[Registrar], invitation: str | None, now: int) -> list[str]:
    """Twelve who register, and how it went for each."""
    tries = (all_of_them[i % DOORS].register(SAID, invitation, now) for i in range(12))
    return [type(it).__name__ for it in await asyncio.gather(*tries, return_exceptions=True)]


async def test_an_invitation_is_used_as_often_as_it_allows(open_database: OpenDatabase) -> None:
    async with processes(open_database) as (database, all_of_them):
        invites = Invites(database, Ledger(database, Watchman()))
        invite = Invite(invite_id="invite", remaining=3, ends_at=NOON + DAY)
        token = await invites.make(invite, NOON)

        went = await at_once(all_of_them, token, NOON)

        assert went.count("Registration") == await registered(database) == 3
        assert {*went} <= {"Registration", NotInvited.__name__, TooMany.__name__}
        [row] = await database.read(database.prepare(_LEFT), the_invite="invite")
        assert row["remaining"] == 0
        with pytest.raises(NotInvited):
            await invites.find(token, NOON)


async def test_only_so_many_come_in_an_hour(open_database: OpenDatabase) -> None:
    async with processes(open_database) as (database, all_of_them):
        for hours in (1, 2):
            went = await at_once(all_of_them, None, NOON + hours * HOUR)
            assert went.count("Registration") == 4
            assert went.count("TooMany") == 8
        assert await registered(database) == 8
        [row] = await database.read(database.prepare(_LEFT), the_invite=STANDING)
        assert row["remaining"] > 1 << 20


@pytest.mark.parametrize("rate", [2, 6])
async def test_another_rate_holds_from_the_next_registration_on(
    open_database: OpenDatabase, rate: int
) -> None:
    later = Policy(open=True, rate=rate)
    async with processes(open_database) as (database, all_of_them):
        await all_of_them[0].register(SAID, None, NOON)
        async with processes(open_database, later) as (_, restarted):
            went = await at_once(restarted, None, NOON + HOUR)
            assert went.count("Registration") == rate
        assert await registered(database) == 1 + rate


async def test_of_many_who_delete_at_once_one_does(open_database: OpenDatabase) -> None:
    async with processes(open_database) as (_, all_of_them):
        made = await all_of_them[0].register(SAID, None, NOON)
        name = made.client.client_id
        tries = (all_of_them[i % DOORS].delete(name, made.token, NOON) for i in range(6))
        went = await asyncio.gather(*tries, return_exceptions=True)
        assert went.count(None) == 1
        assert {type(it) for it in went if it is not None} == {NotItsOwn}


class Losing:
    """A database in which somebody else is always first: whatever is committed conflicts."""

    def __init__(self, inner: Database) -> None:
        self.read, self.prepare, self.durable = inner.read, inner.prepare, inner.durable

    async def commit(self, *writes: Write, meanwhile: Then = None) -> None:
        raise Conflict


async def test_who_always_loses_is_asked_to_come_back(database: Database) -> None:
    async with Courier(Networks()) as courier:
        await registrar(database, courier).register(SAID, None, NOON)
        with pytest.raises(Unavailable):
            await registrar(Losing(database), courier).register(SAID, None, NOON)
