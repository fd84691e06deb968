"""What ends with a session: the grants that rest on it; and whoever was reached is told.

OpenID Connect Back-Channel Logout 1.0 sections 2.3 and 2.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consent.grants import SqlGrants
from consent.reached import Reached
from idp.letters import Letters
from store.database import Write

LOGOUT = "logout"
"""The kind of these messages in the outbox."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """``idp.sessions.sql.EndsWithIt``."""

    letters: Letters
    reached: Reached
    grants: SqlGrants

    def __call__(self, session_id: str, account_id: str, now: int) -> Sequence[Write]:
        body = self.letters.seal(session_id, {"account_id": account_id})
        return (
            self.reached.tell(session_id, LOGOUT, body, now),
            *self.grants.end_of_session(session_id, now),
        )
