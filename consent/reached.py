"""Which clients a session has reached: those that redeemed a code in it.

OpenID Connect Back-Channel Logout 1.0 section 2.3: they are told when it ends. Whom to tell is
found out in the very commit that ends it, when no further grant can rest on it.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from consent.rows import GRANT
from store.database import Database, Write
from store.outbox import OUTBOX, fresh

_IN_SESSION = GRANT.c.session_id == bindparam("the_session")
_CLIENTS = select(GRANT.c.client_id).where(_IN_SESSION).distinct().order_by(GRANT.c.client_id)
_ID = OUTBOX.c.message_id.name
_REST = [column for column in OUTBOX.c if column.name != _ID]
_TELL = (
    insert(OUTBOX)
    .from_select(
        [_ID, *(column.name for column in _REST)],
        select(
            GRANT.c.session_id + " " + GRANT.c.client_id,
            *(bindparam(column.name, type_=column.type) for column in _REST),
        )
        .where(_IN_SESSION)
        .distinct(),
    )
    .on_conflict_do_nothing(index_elements=[_ID])
)


def message_id(session_id: str, client_id: str) -> str:
    """A client is told once of the end of a session."""
    return f"{session_id} {client_id}"


def session_and_client(message_id: str) -> tuple[str, str]:
    """The inverse of ``message_id``."""
    session_id, _, client_id = message_id.partition(" ")
    return session_id, client_id


class Reached:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._clients = database.prepare(_CLIENTS)
        self._tell = database.prepare(_TELL)

    async def clients(self, session_id: str) -> Sequence[str]:
        """Their names, sorted."""
        found = await self._database.read(self._clients, the_session=session_id)
        return [str(row["client_id"]) for row in found]

    def tell(self, session_id: str, kind: str, body: bytes, now: int) -> Write:
        """A message to each of them, to be committed with what it tells of."""
        values = {"the_session": session_id, "kind": kind, "body": body, **fresh(now)}
        return Write(self._tell, values)
