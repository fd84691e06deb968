"""Which passkey a session was opened with, so that those of a lost one can be ended."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"


def upgrade() -> None:
    """A column that may be empty: the version before leaves it so, and nobody relies on it."""
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("passkey_id", sa.String()))
