"""The migrations make exactly what the tables describe, on both engines."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from idp import migrate
from idp.migrations import REVISION
from idp.tables import METADATA
from store import one_time_postgres
from store.postgres import DIALECT
from store.schema import Row, table
from tests import servers

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY 1, 2
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
OURS = [table(row) for row in Row.__subclasses__() if not row.__module__.startswith("tests.")]


def test_on_sqlite(tmp_path: Path) -> None:
    migrated, described = tmp_path / "migrated.db", tmp_path / "described.db"
    migrate.migrate_sqlite(migrated)
    engine = create_engine(f"sqlite:///{described}")
    METADATA.create_all(engine, OURS)
    engine.dispose()

    assert shape(migrated) == shape(described)


def test_on_postgres(postgres_url: str) -> None:
    asyncio.run(migrate.migrate_postgres(postgres_url))
    migrated = asyncio.run(seen(postgres_url))
    asyncio.run(described_anew(postgres_url))

    assert migrated == asyncio.run(seen(postgres_url))


def test_migrating_again_changes_nothing(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "motcua.db"
    for _ in range(2):
        migrate.migrate_sqlite(file)
        asyncio.run(migrate.migrate_postgres(postgres_url))
    with closing(sqlite3.connect(file)) as sql:
        assert sql.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]


def test_of_many_who_migrate_at_once_one_does(postgres_url: str) -> None:
    async def all_of_them() -> None:
        await asyncio.gather(*(migrate.migrate_postgres(postgres_url) for _ in range(4)))

    asyncio.run(all_of_them())


def test_serving_asks_for_the_newest_step() -> None:
    assert history().get_current_head() == REVISION


def test_no_step_is_put_in_late_among_those_that_databases_have_behind_them() -> None:
    """They would never take it."""
    steps = [int(step.revision) for step in history().walk_revisions()]

    assert steps == sorted(steps, reverse=True)
    assert {*range(1, int(REVISION))} - {*steps} == {17, 20}, "numbers that were never used"


def history() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    return ScriptDirectory.from_config(config)


def shape(file: Path) -> list[Any]:
    """Its columns, keys and indexes; how the text was laid out does not matter."""
    with closing(sqlite3.connect(file)) as sql:
        names = sql.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        tables = [name for (name,) in names if name != "alembic_version"]
        found: list[Any] = []
        for name in tables:
            for pragma in ("table_info", "foreign_key_list", "index_list"):
                rows = sql.execute(f"PRAGMA {pragma}('{name}')").fetchall()
                found.append((name, pragma, sorted(map(str, (row[1:] for row in rows)))))
        made = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type = 'index'"
        found += [
            (name, " ".join(text.split())) for name, text in sql.execute(f"{made} ORDER BY 1")
        ]
        return found


async def seen(url: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    queries = [await connection.fetch(query) for query in (COLUMNS, INDEXES, CONSTRAINTS)]
    await connection.close()
    rows = [tuple(row) for query in queries for row in query]
    return [row for row in rows if "alembic_version" not in str(row)]


async def described_anew(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.execute(servers.tables(DIALECT, OURS))
    await connection.execute(one_time_postgres.TABLE)
    await connection.close()
