"""In which browsers a person has signed in before."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Every browser is new at first."""
    op.create_table(
        "device",
        sa.Column("device_digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_digest", name="pk_device"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_device_account_id"
        ),
    )
    op.create_index("ix_device_account_id", "device", ["account_id"])
    op.create_index("ix_device_seen_at", "device", ["seen_at"])
