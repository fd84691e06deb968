"""Signing keys; agencies, their clients and the names by which they know people."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """As it was first."""
    _agency()
    _signing_key()
    _subject()
    _client()


def _agency() -> None:
    op.create_table(
        "agency",
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("metadata_json", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name="pk_agency"),
    )


def _signing_key() -> None:
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("alg", sa.String(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("public_jwk", sa.String(), nullable=False),
        sa.Column("private_sealed", sa.LargeBinary()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("activated_at", sa.BigInteger()),
        sa.CheckConstraint(
            "state IN ('published', 'active', 'retiring', 'retired')", name="ck_signing_key_state"
        ),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_key"),
    )
    op.create_index(
        "uq_signing_key_alg",
        "signing_key",
        ["alg", "use", "state"],
        unique=True,
        sqlite_where=sa.text("state IN ('active', 'published')"),
        postgresql_where=sa.text("state IN ('active', 'published')"),
    )


def _subject() -> None:
    op.create_table(
        "subject",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_subject"),
        sa.UniqueConstraint("account_id", "agency_id", name="uq_subject_account_id"),
    )


def _client() -> None:
    op.create_table(
        "client",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("metadata_json", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name="fk_client_agency_id"),
        sa.PrimaryKeyConstraint("client_id", name="pk_client"),
    )
    op.create_index("ix_client_agency_id", "client", ["agency_id"])
