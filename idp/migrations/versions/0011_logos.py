"""Logos of services that somebody has approved."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """There are none at first."""
    op.create_table(
        "logo",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("logo", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_logo"),
    )
    op.create_index("ix_logo_logo", "logo", ["logo"])
