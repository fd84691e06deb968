"""Where things are kept, opened as the settings say: embedded, or PostgreSQL and Redis.

A driver is loaded where it is needed only: that is a tenth of the time it takes to start.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from idp.health import check_schema
from idp.sealing.columns import COLUMNS
from idp.settings import Settings
from keys.daily import Daily
from keys.data_keys.changes import Meter
from keys.data_keys.sql import DataKeys
from keys.kek import make_kek, read_kek
from keys.keks import Keks
from keys.signers.keepers import Keepers
from keys.vault import Vault
from store.bell import Belled
from store.database import Database, NoDatabase, Unavailable, unavailable_if
from store.micros import Clock
from store.one_time import OneTime
from store.one_time_sqlite import SqliteOneTime
from store.outbox import OUTBOX
from store.sealed import Sealed
from store.sqlite import SqliteDatabase

Sweep = Callable[[int], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """``one_time`` is sealed; ``sweep`` deletes a batch of what has expired in it.

    ``bell`` rings when this process has put something in the outbox.
    """

    database: Database
    one_time: OneTime
    sweep: Sweep
    vault: Vault
    data_keys: DataKeys
    meter: Meter
    keepers: Keepers
    bell: asyncio.Event


@asynccontextmanager
async def open_storage(settings: Settings, clock: Clock) -> AsyncIterator[Storage]:
    """Raises ``KeyFileError``, ``NoDatabase``, ``WrongSchema`` and ``Unavailable``."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        keks = open_keks(settings)
        await check_schema(database)
        vault, bell = Vault(keks.secrets[0]), asyncio.Event()
        data_keys, meter = DataKeys(database, keks, vault), Meter(database, vault)
        await data_keys.begin(COLUMNS, clock())
        stack.push_async_callback(_settle, meter)
        inner, sweep = await _open_one_time(settings, clock, stack)
        days = Daily(vault.secrets("one-time values"), "one-time values")
        yield Storage(
            database=Belled(database, OUTBOX, bell),
            one_time=Sealed(inner, days, clock),
            sweep=sweep,
            vault=vault,
            data_keys=data_keys,
            meter=meter,
            keepers=await stack.enter_async_context(settings.keys.keepers()),
            bell=bell,
        )


async def _settle(meter: Meter) -> None:
    """What was sealed is counted; a database that has gone has kept none of it."""
    with suppress(Unavailable):
        await meter.set_aside(0)


def open_keks(settings: Settings) -> Keks:
    """A missing key is made in the demonstration only. Raises ``KeyFileError``."""
    path, previous = settings.key_encryption_key_file, settings.previous_key_encryption_key_file
    makes = settings.demonstration and not path.exists()
    first = make_kek(path) if makes else read_kek(path)
    return Keks([first] if previous is None else [first, read_kek(previous)])


def open_database(settings: Settings) -> AbstractAsyncContextManager[Database]:
    """To be entered with ``async with``. Makes no file: that is for ``motcua migrate`` to do."""
    if settings.database_url is None:
        path = settings.database_path()
        with unavailable_if(OSError):
            if not path.exists():
                raise NoDatabase("there is no database yet: run `motcua migrate`")
        return SqliteDatabase(path, patience=settings.patience)
    from store.postgres import PostgresDatabase  # noqa: PLC0415  where it is needed only

    return PostgresDatabase(str(settings.database_url), patience=settings.patience)


async def _open_one_time(
    settings: Settings, clock: Clock, stack: AsyncExitStack
) -> tuple[OneTime, Sweep]:
    """Redis where there is one, else beside the database."""
    patience = settings.patience
    if settings.redis_url is not None:
        from store.one_time_redis import RedisOneTime  # noqa: PLC0415  where it is needed only

        redis = RedisOneTime(str(settings.redis_url), patience=patience)
        return await stack.enter_async_context(redis), _nothing_to_sweep
    if settings.database_url is not None:
        from store.one_time_postgres import PostgresOneTime  # noqa: PLC0415  likewise

        postgres = PostgresOneTime(str(settings.database_url), clock, patience=patience)
        return await stack.enter_async_context(postgres), postgres.sweep
    sqlite = SqliteOneTime(settings.data / "one-time.db", clock, patience=patience)
    return await stack.enter_async_context(sqlite), sqlite.sweep


async def _nothing_to_sweep(_: int) -> int:
    return 0
