"""Alembic's way in. Online on a connection that ``idp/migrate.py`` brings, offline as text."""

from alembic import context

from idp.tables import METADATA

if context.is_offline_mode():
    dialect = context.config.attributes["dialect"]
    context.configure(dialect_name=dialect, target_metadata=METADATA, literal_binds=True)
else:
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=METADATA)

with context.begin_transaction():
    context.run_migrations()
