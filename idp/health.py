"""Is the process alive; can it serve: for whoever starts, stops and balances it.

Alive is an answer. Ready: the database answers soon, has our schema and can still keep what is
written, and the keys are there.
RFC 9110 section 10.2.3 (Retry-After).
"""

import asyncio

from sqlalchemy import String, column, select, table
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from idp.migrations import REVISION
from keys.signing_key import KeyFault
from oidc.ports import Keys
from store.database import Database, Unavailable
from store.micros import Clock

SOON = 1.0  # seconds
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_REVISION = select(column("version_num", String)).select_from(table("alembic_version"))


class WrongSchema(Exception):
    """The database is not as this program needs it; the text says what to do."""


async def check_schema(database: Database) -> None:
    """Raises ``WrongSchema``, or ``Unavailable``."""
    try:
        rows = await database.read(database.prepare(_REVISION))
    except Unavailable:
        raise
    except Exception as error:  # each driver has its own word for a table that is not there
        raise WrongSchema("the database has no schema yet: run `motcua migrate`") from error
    if [row["version_num"] for row in rows] != [REVISION]:
        raise WrongSchema(
            "the database and this program differ in version: update the older one,"
            " then run `motcua migrate`"
        )


class Health:
    def __init__(self, database: Database, keys: Keys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def alive(self, _: Request) -> PlainTextResponse:
        return PlainTextResponse("alive\n", headers=_HEADERS)

    async def ready(self, _: Request) -> PlainTextResponse:
        if await self._can_serve():
            return PlainTextResponse("ready\n", headers=_HEADERS)
        return PlainTextResponse("not ready\n", 503, {**_HEADERS, "Retry-After": "1"})

    async def _can_serve(self) -> bool:
        try:
            async with asyncio.timeout(SOON):
                await check_schema(self._database)
                ring = await self._keys.current(self._clock())
        except (TimeoutError, Unavailable, WrongSchema, KeyFault):
            return False
        return bool(ring.algorithms()) and self._database.durable()
