"""A token that one of our keys signed and that we never issued: somebody else has the key.

NIST SP 800-57 part 1 section 8.3.5. Of every token a grant is kept for longer than the token is
good, so one without a grant is none of ours; one whose grant has ended is no alarm.
"""

from sqlalchemy import bindparam, select

from consent.rows import GRANT
from keys.statement import named_key
from ledger.event import Ledger
from ledger.kinds import TokenForged
from store.database import Database

_KNOWN = select(GRANT.c.grant_id).where(GRANT.c.grant_id == bindparam("the_grant"))


class Issued:
    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._known = database.prepare(_KNOWN)

    async def doubt(self, token: str, grant_id: str) -> None:
        if not await self._database.read(self._known, the_grant=grant_id):
            self._ledger.tell(TokenForged(kid=named_key(token) or ""))
