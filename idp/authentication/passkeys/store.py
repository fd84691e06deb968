"""The passkeys of people, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from idp.authentication.passkeys import rows
from idp.authentication.passkeys.credential import Credential, used
from keys.secrets import new_secret
from store.database import Database, Found, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey(Credential):
    """``name`` is the person's own for it."""

    account_id: str
    name: str
    aaguid: str


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """A passkey and the account it opens; ``handle`` is the account's name among authenticators."""

    passkey: Passkey
    handle: str
    active: bool
    level: int


class Passkeys:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._ensure_handle = database.prepare(rows.ENSURE_HANDLE)
        self._find_handle = database.prepare(rows.FIND_HANDLE)
        self._of_account = database.prepare(rows.OF_ACCOUNT)
        self._by_credential = database.prepare(rows.BY_CREDENTIAL)
        self._insert = database.prepare(rows.INSERT)
        self._used = database.prepare(rows.USED)
        self._rename = database.prepare(rows.RENAME)
        self._lock = database.prepare(rows.LOCK)
        self._remove = database.prepare(rows.REMOVE)
        self._forget = database.prepare(rows.FORGET)

    async def of_account(self, account_id: str) -> Sequence[Passkey]:
        """All of this person's, the oldest first."""
        found = await self._database.read(self._of_account, account_id=account_id)
        return [_passkey(row) for row in found]

    async def find(self, credential_id: str) -> KnownPasskey | None:
        for row in await self._database.read(self._by_credential, credential_id=credential_id):
            return KnownPasskey(
                _passkey(row), row["handle"], row["status"] == "active", row["level"]
            )
        return None

    async def handle_of(self, account_id: str) -> str:
        """256 random bits in base64url, made at the first question."""
        while not (found := await self._database.read(self._find_handle, account_id=account_id)):
            values = {"account_id": account_id, "handle": new_secret()}
            await self._database.commit(Write(self._ensure_handle, values))
        return str(found[0]["handle"])

    def added(self, passkey: Passkey) -> Write:
        """A conflict, if anybody has this credential already (W-10)."""
        return Write(self._insert, asdict(passkey))

    def used(self, passkey: Passkey, count: int, synced: bool, now: int) -> Write:
        return used(self._used, passkey, count, synced, now)

    def renamed(self, passkey_id: str, account_id: str, name: str) -> Write:
        values = {"the_passkey": passkey_id, "account_id": account_id, "new_name": name}
        return Write(self._rename, values, must_change=True)

    def forget(self, account_id: str) -> Write:
        """All of this person's, whatever else they have."""
        return Write(self._forget, {"account_id": account_id})

    def removed(self, passkey_id: str, account_id: str, keep: str, now: int) -> Sequence[Write]:
        """Must change: it does not, if there is no such passkey or no other way in.

        Nor if somebody is signed in by it, but in the session ``keep``.
        """
        values = {"the_passkey": passkey_id, "account_id": account_id, "keep": keep, "now": now}
        return (
            Write(self._lock, {"account_id": account_id}),
            Write(self._remove, values, must_change=True),
        )


def _passkey(row: Found) -> Passkey:
    return Passkey(**{name: row[name] for name in Passkey.__dataclass_fields__})
