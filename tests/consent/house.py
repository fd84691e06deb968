"""One person, one agency, one register, on real parts: what every test of consent begins with."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import insert, select, text

from clients.model import Agency, Client
from clients.sql import SqlClients
from consent.families import SqlFamilies
from consent.grants import SqlGrants
from consent.looks_sql import SqlLooks
from consent.model import Decision, Grant, Notice, Record, Redemption
from consent.narrowing_sql import SqlNarrowing
from consent.purposes import Purpose, parse
from consent.purposes_sql import SqlPurposes
from consent.records import SqlRecords
from consent.registers.cache import Cache
from consent.registers.connector import Connector
from consent.registers.question import Register as Paired
from consent.release import Releases
from consent.rows import GRANT
from consent.sources import Sources
from idp.accounts.person import Person
from idp.accounts.sql import Accounts, contact_of
from idp.sessions.rows import SESSION, SESSION_IS_LIVE, session_lives
from keys.current import Keys
from keys.daily import Daily
from keys.ring import KeyRing
from keys.secrets import digest, new_id, new_secret
from keys.vault import Vault
from keys.versions import Secrets
from ledger.event import EventRow, Ledger
from ledger.kinds import Event, RequestRefused
from store.database import Database, Write
from store.micros import DAY, SECOND
from store.one_time import OneTime
from store.one_time_sqlite import SqliteOneTime
from store.schema import table
from store.sealed import Sealed
from tests.conftest import OpenDatabase
from tests.consent.register import HELD, PAIRING_KEY, Register, open_register
from tests.keys.samples import new_ring

NOON = 1_893_499_200 * SECOND  # 1 January 2030
ISSUER = "https://id.example"
NUMBER = HELD["id_number"]
PHONE = "+84901234567"
ME = "account-1"
SESSION_ID = "session-1"
PERSONAL = ("Nguyễn", "Minh Anh", NUMBER, "1990-03-05", "Lý Thường Kiệt", PHONE, "anh@example")

T = TypeVar("T")
Race = Callable[["list[House]"], Awaitable[T]]

BOTH = {"vi": "Vì vậy", "en": "Because"}


def cell(attr_id: str, necessity: str, basis: str, **more: Any) -> dict[str, Any]:
    return {"attr_id": attr_id, "necessity": necessity, "basis": basis, "why": BOTH, **more}


DECLARED: dict[str, Any] = {
    "purpose_id": "refund",
    "titles": BOTH,
    "descriptions": BOTH,
    "data_life": BOTH,
    "refusal": BOTH,
    "access": "until_decided",
    "max_duration_days": 30,
    "cells": [
        cell("person.name", "required", "statutory", citation=BOTH),
        cell("person.birthdate", "required", "request", max_age_minutes=60),
        cell("person.address.permanent", "required", "request"),
        cell("person.sex", "optional", "consent"),
        cell("person.phone", "optional", "consent"),
    ],
}


def declared(**changes: Any) -> Purpose:
    (purpose,) = parse([{**DECLARED, **changes}]).purposes
    return purpose


REFUND = declared()


AGENCY = Agency(agency_id="tax-department", names=BOTH, domain="tax.example")
TAX = Client(client_id="tax", client_name="Tax", agency_id="tax-department", purpose_id="refund")


class PersonalDataInEvent(AssertionError):
    pass


def watch(event: Event) -> None:
    """I13: the log holds identifiers, never values."""
    said = json.dumps(asdict(event), ensure_ascii=False)
    for word in PERSONAL:
        if word in said:
            raise PersonalDataInEvent(f"{word!r} in {event}")
    assert not isinstance(event, RequestRefused)


@dataclass(kw_only=True)
class House:
    """``now`` moves only when a test moves it."""

    database: Database
    records: SqlRecords
    narrowing: SqlNarrowing
    looks: SqlLooks
    grants: SqlGrants
    families: SqlFamilies
    purposes: SqlPurposes
    releases: Releases
    sources: Sources
    cache: Cache
    clients: SqlClients
    register: Register
    ring: KeyRing
    now: int = NOON

    async def rows(self, statement: str) -> list[Any]:
        """The first column."""
        found = await self.database.read(self.database.prepare(text(statement)))
        return [row[next(iter(row.keys()))] for row in found]

    async def run(self, statement: str) -> None:
        await self.database.commit(Write(self.database.prepare(text(statement)), {}))

    async def events(self, kind: str = "") -> list[dict[str, Any]]:
        event = table(EventRow)
        found = await self.database.read(self.database.prepare(select(event).order_by(event.c.at)))
        said = [json.loads(row["body"]) for row in found]
        return [one for one in said if kind in ("", one["type"])]

    async def decide(self, **changes: Any) -> Record:
        record = await self.records.decide(decision(**changes), self.now)
        assert record is not None
        return record

    async def grant(self, record: Record | None, **changes: Any) -> Grant:
        grant = grant_on(record, **changes)
        assert await self.redeem(grant) is Redemption.MADE
        return grant

    async def redeem(self, grant: Grant) -> Redemption:
        return await self.grants.redeem(grant, jti=new_secret(), now=self.now)

    async def userinfo(self, grant: Grant) -> dict[str, Any]:
        live = await self.grants.live(grant.grant_id, self.now)
        assert live is not None
        return dict(await self.releases.deliver(live, self.now))


def decision(**changes: Any) -> Decision:
    everything = frozenset(one.attr_id for one in REFUND.cells)
    values: dict[str, Any] = {
        "interaction_id": new_secret(),
        "session_id": SESSION_ID,
        "account_id": ME,
        "client_id": "tax",
        "purpose": REFUND,
        "asked": everything,
        "allowed": everything,
        "acr": "urn:nid:acr:1",
        "notice": notice("The Tax Department asks"),
    }
    return Decision(**{**values, **changes})


def notice(words: str) -> Notice:
    return Notice(sha256=digest(words), language="en", text=words)


def grant_on(record: Record | None, **changes: Any) -> Grant:
    values: dict[str, Any] = {
        "grant_id": new_id(NOON),
        "code_digest": new_secret(),
        "client_id": "tax",
        "subject": "s-1",
        "account_id": ME,
        "session_id": SESSION_ID,
        "record_id": record and record.record_id,
        "purpose_id": "refund",
        "scope": frozenset({"openid", "profile"}),
        "claims": frozenset({"name", "birthdate", "gender", "phone_number"}),
    }
    return Grant(**{**values, **changes})


@asynccontextmanager
async def open_house(database: Database, one_time: OneTime) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        register = await stack.enter_async_context(open_register(NUMBER))
        ring, ledger = new_ring(), Ledger(database, watch)

        async def load(now: int) -> KeyRing:
            return ring

        pairing = Paired(register_id="population", url=register.url, pairing_key=PAIRING_KEY)
        connector = await stack.enter_async_context(Connector([pairing], ISSUER, Keys(load)))
        people, cache = (
            Accounts(database, Vault(b"k" * 32), ledger),
            Cache(one_time, ["population"]),
        )
        sources, purposes = Sources(people, connector, cache), SqlPurposes(database, ledger)
        clients = SqlClients(database, ledger)
        yield House(
            database=database,
            records=SqlRecords(
                database, ledger, session_is_live=SESSION_IS_LIVE, forget=cache.forget
            ),
            looks=SqlLooks(database),
            narrowing=SqlNarrowing(database, ledger, purposes=purposes, forget=cache.forget),
            grants=SqlGrants(
                database,
                ledger,
                session_is_live=SESSION_IS_LIVE,
                its_session_lives=session_lives(GRANT.c.session_id),
                contact=contact_of(GRANT.c.account_id),
            ),
            families=SqlFamilies(database, ledger),
            purposes=purposes,
            releases=Releases(
                database, ledger, clients=clients, purposes=purposes, sources=sources
            ),
            sources=sources,
            cache=cache,
            clients=clients,
            register=register,
            ring=ring,
        )


async def furnish(house: House) -> None:
    """The account, a live session of its owner and the purpose."""
    accounts = Accounts(house.database, Vault(b"k" * 32), Ledger(house.database, watch))
    person = Person(identifier=NUMBER, password="x" * 20, phone_number=PHONE)
    await accounts.add(ME, person, (), NOON - DAY)
    session = {
        "session_id": SESSION_ID,
        "browser_digest": "b",
        "passkey_id": None,
        "account_id": ME,
        "auth_time": NOON - SECOND,
        "acr": "urn:nid:acr:1",
        "amr": "pwd",
        "label": "",
        "seen_at": NOON,
        "ends_at": NOON + 3650 * DAY,
        "ended_at": None,
    }
    await house.database.commit(Write(house.database.prepare(insert(SESSION)), session))
    await house.purposes.apply([REFUND], NOON - DAY)
    await house.clients.apply([AGENCY], [TAX], NOON - DAY)


@asynccontextmanager
async def one_time(folder: Path) -> AsyncIterator[OneTime]:
    """Sealed, in a file. Its own clock stands still: how old a value is, ``now`` says."""
    store = SqliteOneTime(folder / "one-time.db", lambda: NOON, patience=1)
    with closing(store):
        yield Sealed(store, Daily(Secrets.of(b"s" * 32), "values"), lambda: NOON)


async def racing(open_database: OpenDatabase, folder: Path, race: Race[T]) -> T:
    """The same house through six doors, as six processes would see it."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(one_time(folder))
        houses = [
            await stack.enter_async_context(
                open_house(await stack.enter_async_context(open_database()), store)
            )
            for _ in range(6)
        ]
        await furnish(houses[0])
        return await race(houses)
