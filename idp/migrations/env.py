"""Alembic's way in. Online on a connection that ``idp/migrate.py`` brings, offline as text."""

from alembic import context

from idp.tables import METADATA

OPTIONS = {"target_metadata": METADATA, "compare_type": True}

if context.is_offline_mode():
    dialect = context.config.attributes["dialect"]
    context.configure(dialect_name=dialect, literal_binds=True, **OPTIONS)
else:
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, transaction_per_migration=True, **OPTIONS)

with context.begin_transaction():
    context.run_migrations()
