"""The recovery codes' table: digests. A code is used by one statement that changes its row."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Field

from idp.authentication.recovery import code_digest
from store.database import Database, Write
from store.schema import Row, micros, table


class RecoveryCodeRow(Row, table=True):
    __tablename__ = "recovery_code"

    code_digest: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.account_id", index=True)
    made_at: int = micros()
    used_at: int | None = micros(default=None)


RECOVERY_CODE = table(RecoveryCodeRow)
_OF = RECOVERY_CODE.c.account_id == bindparam("the_account")
_THIS = RECOVERY_CODE.c.code_digest == bindparam("the_code")
_UNUSED = RECOVERY_CODE.c.used_at.is_(None)


class RecoveryCodes:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.prepare(insert(RECOVERY_CODE))
        self._forget = database.prepare(delete(RECOVERY_CODE).where(_OF))
        self._find = database.prepare(select(RECOVERY_CODE).where(_OF, _THIS, _UNUSED))
        use = update(RECOVERY_CODE).where(_OF, _THIS, _UNUSED)
        self._use = database.prepare(use.values(used_at=bindparam("now")))

    async def is_unused(self, account_id: str, code: str) -> bool:
        """As of now: only ``use`` decides."""
        values = {"the_account": account_id, "the_code": code_digest(code)}
        return bool(await self._database.read(self._find, **values))

    def replace(self, account_id: str, codes: Iterable[str], now: int) -> Sequence[Write]:
        """These instead of all before."""
        rows = [
            RecoveryCodeRow(code_digest=code_digest(code), account_id=account_id, made_at=now)
            for code in codes
        ]
        return (self.forget(account_id), *(Write(self._insert, row.model_dump()) for row in rows))

    def forget(self, account_id: str) -> Write:
        return Write(self._forget, {"the_account": account_id})

    def use(self, account_id: str, code: str, now: int) -> Write:
        """``Unchanged`` if it is none of this person's, or was used before."""
        values = {"the_account": account_id, "the_code": code_digest(code), "now": now}
        return Write(self._use, values, must_change=True)
