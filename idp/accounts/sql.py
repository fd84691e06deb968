"""Accounts in SQL: the personal number sealed, and found by a keyed digest that is unique.

Who reads the table learns neither the number nor the contact details, and cannot try numbers
against the digest without the key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, ScalarSelect, bindparam, insert, select
from sqlmodel import Field

from idp.accounts.person import Person, personal_number
from keys.data_keys.columns import SealedColumn
from keys.secrets import keyed, new_id
from keys.vault import Vault
from ledger.event import Ledger
from ledger.kinds import AccountAdded
from store.database import Conflict, Database, Found, Write
from store.schema import Row, micros, table


class AccountRow(Row, table=True):
    """``level`` is how surely we know who this is: never above it is what a sign-in proves."""

    __tablename__ = "account"

    account_id: str = Field(primary_key=True)
    number_digest: str = Field(unique=True)
    number_sealed: bytes
    contact_sealed: bytes
    level: int = 1
    status: str = "active"
    created_at: int = micros()


_ACCOUNT = table(AccountRow)
NUMBER = SealedColumn(_ACCOUNT, "number_sealed")
CONTACT = SealedColumn(_ACCOUNT, "contact_sealed")
_FIND = select(_ACCOUNT.c.account_id, _ACCOUNT.c.status, _ACCOUNT.c.level)
_BY_NUMBER = _FIND.where(_ACCOUNT.c.number_digest == bindparam("number_digest"))
_BY_ID = _FIND.where(_ACCOUNT.c.account_id == bindparam("account_id"))
_SEALED = select(_ACCOUNT.c.number_sealed, _ACCOUNT.c.contact_sealed).where(
    _ACCOUNT.c.account_id == bindparam("account_id")
)


def contact_of(account_id: ColumnElement[str | None]) -> ScalarSelect[bytes]:
    """What lies sealed in the account that a column names, for other packages' reads."""
    held = select(_ACCOUNT.c.contact_sealed).where(_ACCOUNT.c.account_id == account_id)
    return held.scalar_subquery()


class AccountExists(Exception):
    """There is an account with the same personal number."""


class NoSuchAccount(LookupError):
    """No account goes by this id."""


@dataclass(frozen=True, slots=True)
class Account:
    account_id: str
    active: bool
    level: int


class Accounts:
    """Also ``consent.ports.People``: what the register asks for, and what the account holds."""

    def __init__(self, database: Database, vault: Vault, ledger: Ledger) -> None:
        self._database = database
        self._vault = vault
        self._ledger = ledger
        self._digest_key = vault.key("identifier digest")
        self._insert = database.prepare(insert(_ACCOUNT))
        self._by_number = database.prepare(_BY_NUMBER)
        self._by_id = database.prepare(_BY_ID)
        self._sealed = database.prepare(_SEALED)

    def number_digest(self, number: str) -> str:
        return keyed(self._digest_key, number)

    async def find_by_number(self, number: str) -> Account | None:
        """The account of this personal number: twelve digits."""
        digest = self.number_digest(number)
        return _first(await self._database.read(self._by_number, number_digest=digest))

    async def find(self, account_id: str) -> Account | None:
        return _first(await self._database.read(self._by_id, account_id=account_id))

    async def add(
        self, account_id: str, person: Person, credentials: Sequence[Write], now: int
    ) -> None:
        """The account, what opens it and the event in one commit. Raises ``AccountExists``."""
        made = Write(self._insert, self._row(account_id, person, now))
        added = AccountAdded(event_id=new_id(now), account_id=account_id)
        try:
            await self._database.commit(made, *credentials, self._ledger.insert(added, now))
        except Conflict as error:
            raise AccountExists from error

    async def number_of(self, account_id: str) -> str:
        """The personal number. Raises ``NoSuchAccount``."""
        for row in await self._database.read(self._sealed, account_id=account_id):
            return self._vault.open(row["number_sealed"], NUMBER.place(account_id)).decode()
        raise NoSuchAccount

    async def contact(self, account_id: str) -> dict[str, Any]:
        """What the account itself holds: its values, by attribute."""
        for row in await self._database.read(self._sealed, account_id=account_id):
            return self.opened(row["contact_sealed"], account_id)
        return {}

    def opened(self, contact: bytes, account_id: str) -> dict[str, Any]:
        """The same, from what was read of ``contact_of``."""
        held: dict[str, Any] = orjson.loads(self._vault.open(contact, CONTACT.place(account_id)))
        return held

    def _row(self, account_id: str, person: Person, now: int) -> dict[str, Any]:
        number = personal_number(person.identifier) or ""
        contact = orjson.dumps(person.contact(now))
        seal = self._vault.seal
        return AccountRow(
            account_id=account_id,
            number_digest=self.number_digest(number),
            number_sealed=seal(number.encode(), NUMBER.place(account_id)),
            contact_sealed=seal(contact, CONTACT.place(account_id)),
            level=person.level,
            created_at=now,
        ).model_dump()


def _first(rows: Sequence[Found]) -> Account | None:
    for row in rows:
        return Account(row["account_id"], row["status"] == "active", row["level"])
    return None
