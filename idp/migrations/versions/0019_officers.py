"""Security officers: themselves, their links, passkeys and sessions, apart from people's."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Four new tables: the version before does not know them."""
    _officer()
    _link()
    _passkey()
    _session()


def _officer() -> None:
    op.create_table(
        "officer",
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer()),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('security officer')", name="ck_officer_role"),
        sa.PrimaryKeyConstraint("officer_id", name="pk_officer"),
        sa.UniqueConstraint("place", name="uq_officer_place"),
        sa.UniqueConstraint("handle", name="uq_officer_handle"),
    )


def _link() -> None:
    op.create_table(
        "officer_link",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("link_digest", sa.String(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_officer_link"),
        sa.UniqueConstraint("link_digest", name="uq_officer_link_link_digest"),
    )
    op.create_index("ix_officer_link_ends_at", "officer_link", ["ends_at"])


def _passkey() -> None:
    op.create_table(
        "officer_passkey",
        sa.Column("passkey_id", sa.String(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("syncable", sa.Integer(), nullable=False),
        sa.Column("synced", sa.Integer(), nullable=False),
        sa.Column("transports", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.officer_id"], name="fk_officer_passkey_officer_id"
        ),
        sa.PrimaryKeyConstraint("passkey_id", name="pk_officer_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_officer_passkey_credential_id"),
    )
    op.create_index("ix_officer_passkey_officer_id", "officer_passkey", ["officer_id"])


def _session() -> None:
    op.create_table(
        "officer_session",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("secret_digest", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("auth_time", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.officer_id"], name="fk_officer_session_officer_id"
        ),
        sa.PrimaryKeyConstraint("session_id", name="pk_officer_session"),
        sa.UniqueConstraint("secret_digest", name="uq_officer_session_secret_digest"),
    )
    op.create_index("ix_officer_session_officer_id", "officer_session", ["officer_id"])
    op.create_index("ix_officer_session_ends_at", "officer_session", ["ends_at"])
