"""Pairwise subjects: the name by which one agency knows one person. Stored, never derived.

OpenID Connect Core sections 8 and 8.1. The sector is the agency, so its services see one person
and two agencies cannot tell that theirs are the same. Nothing of the person is in it.
"""

from contextlib import suppress

from sqlalchemy import bindparam, insert, select

from clients.rows import SUBJECT
from keys.secrets import new_secret
from store.database import Conflict, Database, Write

__all__ = ["SUBJECT", "SqlSubjects"]

_FIND = select(SUBJECT.c.subject).where(
    SUBJECT.c.account_id == bindparam("account_id"), SUBJECT.c.agency_id == bindparam("agency_id")
)


class SqlSubjects:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._find = database.prepare(_FIND)
        self._insert = database.prepare(insert(SUBJECT))

    async def ensure(self, account_id: str, agency_id: str, now: int) -> str:
        """The subject, made if there is none; all who race get the same one."""
        while True:
            pair = {"account_id": account_id, "agency_id": agency_id}
            for row in await self._database.read(self._find, **pair):
                return str(row["subject"])
            new = {**pair, "subject": new_secret(), "created_at": now}
            with suppress(Conflict):
                await self._database.commit(Write(self._insert, new))
