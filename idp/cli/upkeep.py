"""``motcua migrate`` and ``motcua settings``."""

import sqlite3

import asyncpg
import typer
from sqlalchemy.exc import SQLAlchemyError

from idp.cli.console import AsJson, fail, read_settings, show
from idp.migrate import migrate as bring_up
from idp.serve import CANNOT_START

CANNOT = (OSError, SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError)


def migrate() -> None:
    """Bring the database's schema to where this program needs it."""
    settings = read_settings()
    try:
        bring_up(settings)
    except CANNOT as error:
        fail(f"the database cannot be migrated: {type(error).__name__}", CANNOT_START)
    typer.echo("the schema is up to date")


def settings(as_json: AsJson = False) -> None:
    """The settings as they are read now; secrets are not shown."""
    found = read_settings().model_dump(mode="json")
    hidden = {"database_url", "redis_url"}
    rows = [
        {"name": name, "value": "set" if name in hidden and value else value}
        for name, value in found.items()
    ]
    show(rows, as_json=as_json)
