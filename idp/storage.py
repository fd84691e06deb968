"""Where things are kept, opened as the settings say: embedded, or PostgreSQL and Redis."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass

from idp.settings import Settings
from keys.kek import make_kek, read_kek
from keys.vault import Vault
from store.database import Database
from store.micros import Clock
from store.one_time import OneTime
from store.one_time_postgres import PostgresOneTime
from store.one_time_redis import RedisOneTime
from store.one_time_sqlite import SqliteOneTime
from store.postgres import PostgresDatabase
from store.sealed import Sealed
from store.sqlite import SqliteDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """``one_time`` is sealed."""

    database: Database
    one_time: OneTime
    vault: Vault


@asynccontextmanager
async def open_storage(settings: Settings, clock: Clock) -> AsyncIterator[Storage]:
    """Raises ``KeyFileError`` and ``Unavailable``."""
    vault = open_vault(settings)
    async with AsyncExitStack() as stack:
        database: Database = await stack.enter_async_context(open_database(settings))
        inner = await stack.enter_async_context(_open_one_time(settings, clock))
        one_time = Sealed(inner, vault.key("one-time values"))
        yield Storage(database=database, one_time=one_time, vault=vault)


def open_vault(settings: Settings) -> Vault:
    """A missing key is made in the demonstration only. Raises ``KeyFileError``."""
    path = settings.key_encryption_key_file
    return Vault(make_kek(path) if settings.demonstration and not path.exists() else read_kek(path))


def open_database(settings: Settings) -> SqliteDatabase | PostgresDatabase:
    """To be entered with ``async with``."""
    if settings.database_url is not None:
        return PostgresDatabase(str(settings.database_url), patience=settings.patience)
    return SqliteDatabase(settings.database_path(), patience=settings.patience)


@asynccontextmanager
async def _open_one_time(settings: Settings, clock: Clock) -> AsyncIterator[OneTime]:
    """Redis where there is one, else beside the database."""
    if settings.redis_url is not None:
        async with RedisOneTime(str(settings.redis_url), patience=settings.patience) as redis:
            yield redis
    elif settings.database_url is not None:
        url, patience = str(settings.database_url), settings.patience
        async with PostgresOneTime(url, clock, patience=patience) as inner:
            yield inner
    else:
        path = settings.data / "one-time.db"
        with closing(SqliteOneTime(path, clock, patience=settings.patience)) as inner:
            yield inner
