"""What a database promises, kept by both."""

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field

from store.database import Conflict, Database, Unchanged, Write
from store.schema import Row, micros, table

pytestmark = pytest.mark.anyio


class ThingRow(Row, table=True):
    __tablename__ = "thing"

    name: str = Field(primary_key=True)
    number: int | None = micros(default=None)
    body: bytes | None = None


async def test_first(database: Database) -> None:
    T = table(ThingRow)
    put = database.prepare(insert(T))
    get = database.prepare(select(T).where(T.c.name == bindparam("name")))
    up = database.prepare(update(T).where(T.c.name == bindparam("n")).values(number=5))
    await database.commit(Write(put, {"name": "a", "number": 1, "body": b"x"}))
    with pytest.raises(Conflict):
        await database.commit(Write(put, {"name": "a", "number": 1, "body": b"x"}))
    with pytest.raises(Unchanged):
        await database.commit(Write(up, {"n": "b"}, must_change=True))
    assert [dict(r) for r in await database.read(get, name="a")] == [
        {"name": "a", "number": 1, "body": b"x"}
    ]
