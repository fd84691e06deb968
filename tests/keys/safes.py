"""Data keys over a real database, as each process has them, and things sealed to look at."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Table, bindparam, insert, select, update

from clients.rows import AGENCY, CLIENT
from clients.secrets import SECRET
from idp.accounts.sql import CONTACT, NUMBER
from idp.authentication.totps import SECRET as TOTP
from idp.letters import BODY
from idp.sealing.columns import COLUMNS
from keys.data_keys.changes import Changes, Meter
from keys.data_keys.columns import SealedColumn
from keys.data_keys.custody import Custody
from keys.data_keys.reseal import Reseal
from keys.data_keys.sql import DataKeys
from keys.data_keys.states import State, state
from keys.keks import Keks
from keys.secrets import new_secret
from keys.vault import Vault
from ledger.event import Ledger
from ledger.kinds import Watch
from store.database import Database, Write
from store.lease import Leases
from tests.keys.samples import NOON
from tests.watchman import Watchman

KEK, NEXT = b"k" * 32, b"n" * 32


@dataclass(frozen=True)
class Safe:
    """What one process has of it."""

    database: Database
    data_keys: DataKeys
    vault: Vault
    custody: Custody
    meter: Meter

    @property
    def changes(self) -> Changes:
        return self.custody.changes

    async def states(self, now: int, purpose: str = "sealing") -> list[State]:
        """Of each version, the oldest first."""
        chain = (await self.data_keys.read())[purpose]
        return [state(it, chain, now) for it in chain]

    async def renew(self, now: int, purpose: str = "sealing") -> bool:
        return await self.changes.renew(purpose, (await self.data_keys.read())[purpose], now)


async def open_safe(
    database: Database,
    *keks: bytes,
    now: int = NOON,
    columns: Sequence[SealedColumn] = COLUMNS,
    watch: Watch | None = None,
) -> Safe:
    vault = Vault((keks or (KEK,))[0])
    data_keys = DataKeys(database, Keks(keks or (KEK,)), vault)
    await data_keys.begin(columns, now)
    custody = Custody(
        data_keys=data_keys,
        changes=Changes(database, Ledger(database, watch or Watchman()), data_keys),
        reseal=Reseal(database, vault, columns),
        leases=Leases(database),
        me=new_secret(),
    )
    return Safe(database, data_keys, vault, custody, Meter(database, vault))


async def write(database: Database, statement: Any, **values: Any) -> None:
    await database.commit(Write(database.prepare(statement), values))


async def change(database: Database, table: Table, *where: Any, **values: Any) -> None:
    """Rows, by somebody who should not."""
    named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values}
    said = {f"new_{name}": value for name, value in values.items()}
    await write(database, update(table).where(*where).values(**named), **said)


async def furnish(database: Database, vault: Vault, people: int = 3) -> dict[str, bytes]:
    """Something sealed in every column there is but that of signing keys: plain text by place."""
    plain: dict[str, bytes] = {}

    def sealed(column: SealedColumn, key: str, text: str) -> bytes:
        plain[column.place(key)] = text.encode()
        return vault.seal(text.encode(), column.place(key))

    for number in range(people):
        name = f"a-{number:03}"
        await write(
            database,
            insert(NUMBER.table),
            account_id=name,
            number_digest=name,
            number_sealed=sealed(NUMBER, name, f"0791900{number:05}"),
            contact_sealed=sealed(CONTACT, name, f'{{"email":"{name}@example.org"}}'),
            level=1,
            status="active",
            created_at=NOON,
        )
        app = sealed(TOTP, name, "a secret of an app")
        times = {"last_step": 0, "codes_made": 1, "added_at": NOON}
        await write(database, insert(TOTP.table), account_id=name, secret_sealed=app, **times)
        letter = {"message_id": name, "kind": "notice", "body": sealed(BODY, name, '{"to":"her"}')}
        times = {"due_at": NOON, "attempts": 0, "put_at": NOON}
        rest = {"claim": None, "failure": None}
        await write(database, insert(BODY.table), **letter, **times, **rest)
    await _services(database, sealed(SECRET, "mill", "of the mill"))
    return plain


async def _services(database: Database, mill: bytes) -> None:
    """One with a secret, one without, and one that has never heard of any."""
    times = {"created_at": NOON, "changed_at": NOON}
    agency = {"agency_id": "trade", "metadata_json": "{}"}
    await write(database, insert(AGENCY), **agency, **times)
    for name, sealed in {"mill": mill, "shop": b""}.items():
        said = {"client_name": name, SECRET.member: urlsafe_b64encode(sealed).decode()}
        text = orjson.dumps(said).decode()
        await write(database, insert(CLIENT), **_client(name, text), **times)
    await write(database, insert(CLIENT), **_client("a program's own", "{}"), **times)


def _client(name: str, text: str) -> dict[str, Any]:
    return {"client_id": name, "agency_id": "trade", "metadata_json": text, "disabled_at": None}


async def opened(safe: Safe) -> dict[str, bytes]:
    """All that is sealed, by place, as this process opens it."""
    found = {}
    for column in COLUMNS:
        (key,) = column.table.primary_key.columns
        statement = select(key.label("key"), column.table.c[column.column].label("value"))
        for row in await safe.database.read(safe.database.prepare(statement)):
            if sealed := column.sealed(row["value"]):
                place = column.place(row["key"])
                found[place] = safe.vault.open(sealed, place)
    return found
