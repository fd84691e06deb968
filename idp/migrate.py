"""``motcua migrate``: the schema brought to where this program needs it, by Alembic.

Each step is legal while the previous program still runs. Of several who migrate at once, one does.
"""

import asyncio
from io import StringIO
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from idp.settings import Settings
from store.sqlite_file import make_private

_LOCK = 7_301_889_120_461_137
_HERE = Path(__file__).parent / "migrations"


def migrate(settings: Settings) -> None:
    """Raises what the driver raises when the database cannot be reached."""
    if settings.database_url is not None:
        asyncio.run(migrate_postgres(str(settings.database_url)))
    else:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        migrate_sqlite(settings.database_path())


def migrate_sqlite(path: Path) -> None:
    """The file is made if there is none."""
    make_private(path)
    engine = create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config = _config(StringIO())
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql("COMMIT")
    engine.dispose()


async def migrate_postgres(url: str) -> None:
    """The steps as text, in one transaction, under a lock."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        there = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        version = there and await connection.fetchval("SELECT version_num FROM alembic_version")
        text = StringIO()
        config = _config(text)
        config.attributes["dialect"] = "postgresql"
        command.upgrade(config, f"{version or 'base'}:head", sql=True)
        await connection.execute(text.getvalue())
    finally:
        await connection.close()


def _config(text: StringIO) -> Config:
    config = Config(output_buffer=text, stdout=text)
    config.set_main_option("script_location", str(_HERE))
    return config
