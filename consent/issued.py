"""The event of an access token, and what it still tells when the token comes back.

Its key is the token's own name, so each issue is found by that: K-15, and RFC 9068 section 2.2 for
``jti``.
"""

import orjson

from consent.model import Grant, Issue
from consent.rows import unworded
from consent.token_statements import ISSUE
from ledger.event import Ledger
from ledger.kinds import TokenForged, TokenIssued
from store.database import Database, Unstorable


def issued(grant: Grant, jti: str, grant_type: str) -> TokenIssued:
    return TokenIssued(
        event_id=jti,
        grant_id=grant.grant_id,
        client_id=grant.client_id,
        account_id=grant.account_id,
        subject=grant.subject,
        grant_type=grant_type,
    )


class SqlIssues:
    """``Issues``, as the engine asks for them."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._find = database.prepare(ISSUE)

    async def find(self, jti: str, grant_id: str) -> Issue | None:
        """Of a token of this name and this grant; nothing if none was issued."""
        try:
            rows = await self._database.read(self._find, jti=jti, the_grant=grant_id)
        except Unstorable:  # no name that we give
            return None
        for row in rows:
            if orjson.loads(row["body"]).get("grant_id") == grant_id:
                return Issue(
                    client_id=row["client_id"],
                    subject=row["subject"],
                    is_of_client=row["account_id"] is None,
                    scope=unworded(row["scope"]),
                    at=row["at"],
                )
        return None

    def forged(self, kid: str | None) -> None:
        """Tell of a token that this key signed and that was never issued."""
        self._ledger.tell(TokenForged(kid=kid or ""))
