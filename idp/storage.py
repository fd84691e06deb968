"""Where things are kept, opened as the settings say: embedded, or PostgreSQL and Redis.

A driver is loaded where it is needed only: that is a tenth of the time it takes to start.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from idp.settings import Settings
from keys.kek import make_kek, read_kek
from keys.vault import Vault
from store.database import Database, NoDatabase, unavailable_if
from store.micros import Clock
from store.one_time import OneTime
from store.one_time_sqlite import SqliteOneTime
from store.sealed import Sealed
from store.sqlite import SqliteDatabase

Sweep = Callable[[int], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """``one_time`` is sealed; ``sweep`` deletes a batch of what has expired in it."""

    database: Database
    one_time: OneTime
    sweep: Sweep
    vault: Vault


@asynccontextmanager
async def open_storage(settings: Settings, clock: Clock) -> AsyncIterator[Storage]:
    """Raises ``KeyFileError``, ``NoDatabase`` and ``Unavailable``."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        vault = open_vault(settings)
        inner, sweep = await _open_one_time(settings, clock, stack)
        one_time = Sealed(inner, vault.key("one-time values"))
        yield Storage(database=database, one_time=one_time, sweep=sweep, vault=vault)


def open_vault(settings: Settings) -> Vault:
    """A missing key is made in the demonstration only. Raises ``KeyFileError``."""
    path = settings.key_encryption_key_file
    return Vault(make_kek(path) if settings.demonstration and not path.exists() else read_kek(path))


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
