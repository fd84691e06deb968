"""Who has fetched which key, in SQL. Several processes may have heard the same: one row has it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert

from keys.readiness.judge import Fetch
from keys.readiness.rows import FETCH
from store.database import Database, Write

_NEW = insert(FETCH)
_FIRST, _LAST = _NEW.excluded.first_at, _NEW.excluded.last_at
_HEARD = _NEW.on_conflict_do_update(
    index_elements=["client_id", "kid"],
    set_={
        "first_at": case((FETCH.c.first_at < _FIRST, FETCH.c.first_at), else_=_FIRST),
        "last_at": case((FETCH.c.last_at > _LAST, FETCH.c.last_at), else_=_LAST),
    },
)


class SqlFetches:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard = database.prepare(_HEARD)
        self._all = database.prepare(select(FETCH).order_by(FETCH.c.kid, FETCH.c.client_id))

    async def all(self) -> Sequence[Fetch]:
        """By key, then by client."""
        rows = await self._database.read(self._all)
        return [Fetch(it["client_id"], it["kid"], it["first_at"], it["last_at"]) for it in rows]

    async def heard(self, fetches: Iterable[Fetch]) -> None:
        """In one commit, in one order, so that two who write the same do not cross each other."""
        ordered = sorted(fetches, key=lambda it: (it.client_id, it.kid))
        values = [
            {
                "client_id": it.client_id,
                "kid": it.kid,
                "first_at": it.first_at,
                "last_at": it.last_at,
            }
            for it in ordered
        ]
        await self._database.commit(*(Write(self._heard, row) for row in values))
