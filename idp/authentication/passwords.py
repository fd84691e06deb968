"""The passwords' table. What is kept is Argon2id's own text: scheme, cost, salt and hash."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field

from store.database import Database, Write
from store.schema import Row, micros, table


class PasswordRow(Row, table=True):
    __tablename__ = "password"

    account_id: str = Field(primary_key=True, foreign_key="account.account_id")
    hash: str
    set_at: int = micros()


@dataclass(frozen=True, slots=True)
class Kept:
    """A password as it is kept, and since when."""

    hash: str
    set_at: int


PASSWORDS = table(PasswordRow)
_OF = PASSWORDS.c.account_id == bindparam("the_account")
_FIND = select(PASSWORDS).where(_OF)
_STILL = update(PASSWORDS).where(_OF, PASSWORDS.c.set_at == bindparam("then"))
_CHANGE = update(PASSWORDS).where(_OF).values(hash=bindparam("new"), set_at=bindparam("now"))


class Passwords:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.prepare(insert(PASSWORDS))
        self._find = database.prepare(_FIND)
        self._still = database.prepare(_STILL.values(set_at=PASSWORDS.c.set_at))
        self._change = database.prepare(_CHANGE)

    def set_first(self, account_id: str, hashed: str, now: int) -> Write:
        """For the commit that makes the account."""
        return Write(self._insert, {"account_id": account_id, "hash": hashed, "set_at": now})

    def change(self, account_id: str, hashed: str, now: int) -> Write:
        """``Unchanged`` if there is none to change."""
        values = {"the_account": account_id, "new": hashed, "now": now}
        return Write(self._change, values, must_change=True)

    def still_set(self, account_id: str, then: int) -> Write:
        """For a commit that rests on the password set ``then``: ``Unchanged`` if it is another."""
        return Write(self._still, {"the_account": account_id, "then": then}, must_change=True)

    async def find(self, account_id: str) -> Kept | None:
        for row in await self._database.read(self._find, the_account=account_id):
            return Kept(row["hash"], row["set_at"])
        return None
