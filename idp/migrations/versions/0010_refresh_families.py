"""Families of refresh tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "refresh_family",
        sa.Column("family_digest", sa.String(), nullable=False),
        sa.Column("grant_id", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("turned_at", sa.BigInteger()),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("auth_time", sa.BigInteger(), nullable=False),
        sa.Column("acr", sa.String(), nullable=False),
        sa.Column("amr", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grant.grant_id"], name="fk_refresh_family_grant_id"
        ),
        sa.PrimaryKeyConstraint("family_digest", name="pk_refresh_family"),
        sa.UniqueConstraint("grant_id", name="uq_refresh_family_grant_id"),
    )
    op.create_index("ix_refresh_family_ends_at", "refresh_family", ["ends_at"])
