"""The passwords' table. What is kept is Argon2id's own text: scheme, cost, salt and hash."""

from sqlalchemy import bindparam, insert, select
from sqlmodel import Field

from store.database import Database, Write
from store.schema import Row, micros, table


class PasswordRow(Row, table=True):
    __tablename__ = "password"

    account_id: str = Field(primary_key=True, foreign_key="account.account_id")
    hash: str
    set_at: int = micros()


_PASSWORD = table(PasswordRow)
_FIND = select(_PASSWORD.c.hash).where(_PASSWORD.c.account_id == bindparam("account_id"))


class Passwords:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.prepare(insert(_PASSWORD))
        self._find = database.prepare(_FIND)

    def set_first(self, account_id: str, hashed: str, now: int) -> Write:
        """For the commit that makes the account."""
        return Write(self._insert, {"account_id": account_id, "hash": hashed, "set_at": now})

    async def find(self, account_id: str) -> str | None:
        for row in await self._database.read(self._find, account_id=account_id):
            return str(row["hash"])
        return None
