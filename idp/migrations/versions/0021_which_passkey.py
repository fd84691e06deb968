"""Which passkey a session was opened with, so that those of a lost one can be ended."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"


def upgrade() -> None:
    """A column that may be empty: the version before leaves it so in sessions that it begins.

    In one that it renews by another passkey it leaves the passkey of before: if the other is
    removed, that session goes on. It is over once every process is of this version, and each
    session that one of before renewed has ended or been renewed.
    """
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("passkey_id", sa.String()))
