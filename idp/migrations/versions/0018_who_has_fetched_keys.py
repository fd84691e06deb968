"""Who has fetched which signing key, and since when one waits for those who have not."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    """A new table, and a column that may be empty: the version before needs neither."""
    op.create_table(
        "key_fetch",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "kid", name="pk_key_fetch"),
    )
    op.create_index("ix_key_fetch_last_at", "key_fetch", ["last_at"])
    with op.batch_alter_table("signing_key") as batch:
        batch.add_column(sa.Column("held_at", sa.BigInteger()))
