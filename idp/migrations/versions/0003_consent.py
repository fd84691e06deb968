"""Purposes, notices, records, grants and tokens that were revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """As it was first."""
    _notice()
    _purpose()
    _revoked_token()
    _record()
    _grant()


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_notice"),
    )


def _purpose() -> None:
    op.create_table(
        "purpose",
        sa.Column("purpose_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose_json", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("purpose_id", name="pk_purpose"),
    )


def _revoked_token() -> None:
    op.create_table(
        "revoked_token",
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("jti", name="pk_revoked_token"),
    )
    op.create_index("ix_revoked_token_ends_at", "revoked_token", ["ends_at"])


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("interaction_digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("purpose_id", sa.String(), nullable=False),
        sa.Column("purpose_version", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("allowed", sa.String(), nullable=False),
        sa.Column("notice_sha256", sa.String(), nullable=False),
        sa.Column("acr", sa.String(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_as", sa.String()),
        *_record_keys(),
    )
    _record_live()


def _record_keys() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["notice_sha256"], ["notice.sha256"], name="fk_record_notice_sha256"
        ),
        sa.ForeignKeyConstraint(
            ["purpose_id"], ["purpose.purpose_id"], name="fk_record_purpose_id"
        ),
        sa.PrimaryKeyConstraint("record_id", name="pk_record"),
        sa.UniqueConstraint("interaction_digest", name="uq_record_interaction_digest"),
    )


def _record_live() -> None:
    op.create_index(
        "uq_record_live",
        "record",
        ["account_id", "client_id", "purpose_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _grant() -> None:
    op.create_table(
        "grant",
        sa.Column("grant_id", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String()),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.String()),
        sa.Column("session_id", sa.String()),
        sa.Column("record_id", sa.String()),
        sa.Column("purpose_id", sa.String()),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("claims", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["record_id"], ["record.record_id"], name="fk_grant_record_id"),
        sa.PrimaryKeyConstraint("grant_id", name="pk_grant"),
        sa.UniqueConstraint("code_digest", name="uq_grant_code_digest"),
    )
    op.create_index("ix_grant_ends_at", "grant", ["ends_at"])
    op.create_index("ix_grant_record_id", "grant", ["record_id"])
    op.create_index("ix_grant_session_id", "grant", ["session_id"])
