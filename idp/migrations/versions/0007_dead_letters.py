"""Of a message: since when it waits, and why it was not received."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing that is there knows either."""
    op.add_column("outbox", sa.Column("put_at", sa.BigInteger()))
    op.add_column("outbox", sa.Column("failure", sa.String()))
