"""The table of who has fetched which key. A client is named as it names itself, gone or not."""

from sqlmodel import Field

from store.micros import DAY
from store.schema import Row, micros, table


class KeyFetchRow(Row, table=True):
    """``last_at`` is true to the hour: one who asks every minute writes no more often."""

    __tablename__ = "key_fetch"

    client_id: str = Field(primary_key=True)
    kid: str = Field(primary_key=True)
    first_at: int = micros()
    last_at: int = micros(index=True)


FETCH = table(KeyFetchRow)

KEPT = 400 * DAY
"""After the last time: longer than any key is shown."""
