"""Who does the work that only one may do: a row that says so, until it runs out."""

from sqlalchemy import bindparam, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from store.database import Database, Unchanged, Write
from store.schema import Row, micros, table


class LeaseRow(Row, table=True):
    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    ends_at: int = micros()


_LEASE = table(LeaseRow)
_NEW = insert(_LEASE)
_HOLD = _NEW.on_conflict_do_update(
    index_elements=["name"],
    set_={"holder": _NEW.excluded.holder, "ends_at": _NEW.excluded.ends_at},
    where=or_(_LEASE.c.holder == _NEW.excluded.holder, _LEASE.c.ends_at <= bindparam("now")),
)


class Leases:
    """One statement: of all who ask at the same moment, one is the holder."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hold = database.prepare(_HOLD)

    async def hold(self, name: str, holder: str, now: int, ttl: int) -> bool:
        """Take it or keep it, until ``now + ttl`` (microseconds); false if another has it."""
        values = {"name": name, "holder": holder, "ends_at": now + ttl, "now": now}
        try:
            await self._database.commit(Write(self._hold, values, must_change=True))
        except Unchanged:
            return False
        return True
