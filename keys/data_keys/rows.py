"""The table of data keys: a version of each purpose in a row, wrapped to its place in it.

Which state a version is in is said by its times alone (``keys/data_keys/states.py``).
"""

from sqlalchemy import BigInteger, bindparam, insert, select, update
from sqlmodel import Field

from store.schema import Row, micros, table


class DataKeyRow(Row, table=True):
    """``uses``: seals that processes have set aside for themselves, so never fewer than made.

    ``wrapped``: nothing, once it was erased.
    """

    __tablename__ = "data_key"

    purpose: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    key_id: str
    wrapped: bytes | None = None
    uses: int = Field(sa_type=BigInteger)
    created_at: int = micros()
    makes_at: int = micros()
    ended_at: int | None = micros(default=None)


DATA_KEY = table(DataKeyRow)
_THIS = (
    DATA_KEY.c.purpose == bindparam("the_purpose"),
    DATA_KEY.c.version == bindparam("the_version"),
)
ALL = select(DATA_KEY).order_by(DATA_KEY.c.purpose, DATA_KEY.c.version)
INSERT = insert(DATA_KEY)
REWRAP = (
    update(DATA_KEY)
    .where(*_THIS, DATA_KEY.c.wrapped == bindparam("was"))
    .values(wrapped=bindparam("now_wrapped"))
)
COUNT = (
    update(DATA_KEY)
    .where(*_THIS)
    .values(uses=DATA_KEY.c.uses + bindparam("more", type_=BigInteger))
)
END = (
    update(DATA_KEY).where(*_THIS, DATA_KEY.c.ended_at.is_(None)).values(ended_at=bindparam("now"))
)
ERASE = update(DATA_KEY).where(*_THIS, DATA_KEY.c.wrapped.is_not(None)).values(wrapped=None)
