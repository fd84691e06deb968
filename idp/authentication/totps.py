"""The table of authenticator apps: one for a person, its secret sealed, its last step remembered.

RFC 6238 section 5.2: a code is good once. Whoever moves ``last_step`` on has used it; one
statement does, so of any number that bring the same code one is let in.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Field

from keys.data_keys.columns import SealedColumn
from keys.vault import Vault
from store.database import Database, Write
from store.schema import Row, micros, table


class TotpRow(Row, table=True):
    """``last_step``: no code of this step or an earlier one is taken. ``codes_made``: how often."""

    __tablename__ = "totp"

    account_id: str = Field(primary_key=True, foreign_key="account.account_id")
    secret_sealed: bytes
    last_step: int = micros()
    codes_made: int
    added_at: int = micros()


@dataclass(frozen=True, slots=True)
class Totp:
    """Somebody's app. ``codes_made`` counts how often recovery codes were made for it."""

    secret: bytes
    last_step: int
    codes_made: int
    added_at: int


TOTP = table(TotpRow)
SECRET = SealedColumn(TOTP, "secret_sealed")
_OF = TOTP.c.account_id == bindparam("the_account")
_FIND = select(TOTP).where(_OF)
_TAKE = update(TOTP).where(_OF, TOTP.c.last_step < bindparam("step"))
_RENEW = update(TOTP).where(_OF, TOTP.c.codes_made == bindparam("seen"))


class Totps:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._find = database.prepare(_FIND)
        self._insert = database.prepare(insert(TOTP))
        self._take = database.prepare(_TAKE.values(last_step=bindparam("step")))
        self._renew = database.prepare(_RENEW.values(codes_made=TOTP.c.codes_made + 1))
        self._remove = database.prepare(delete(TOTP).where(_OF))

    async def find(self, account_id: str) -> Totp | None:
        for row in await self._database.read(self._find, the_account=account_id):
            secret = self._vault.open(row["secret_sealed"], SECRET.place(account_id))
            return Totp(secret, row["last_step"], row["codes_made"], row["added_at"])
        return None

    def add(self, account_id: str, secret: bytes, step: int, now: int) -> Write:
        """``step``: of the code that confirmed it. ``Conflict`` if the person has one."""
        row = TotpRow(
            account_id=account_id,
            secret_sealed=self._vault.seal(secret, SECRET.place(account_id)),
            last_step=step,
            codes_made=1,
            added_at=now,
        )
        return Write(self._insert, row.model_dump())

    def take(self, account_id: str, step: int) -> Write:
        """The code of this step is used. ``Unchanged`` if it, or a later one, was before."""
        values = {"the_account": account_id, "step": step}
        return Write(self._take, values, must_change=True)

    def codes_renewed(self, account_id: str, seen: int) -> Write:
        """Recovery codes were made anew. ``Unchanged`` if they were since ``seen``."""
        values = {"the_account": account_id, "seen": seen}
        return Write(self._renew, values, must_change=True)

    def forget(self, account_id: str) -> Write:
        """Whether there is one or not."""
        return Write(self._remove, {"the_account": account_id})

    def remove(self, account_id: str) -> Write:
        """``Unchanged`` if there is none."""
        return Write(self._remove, {"the_account": account_id}, must_change=True)
