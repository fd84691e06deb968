"""Clients that register themselves: invitations, and what manages a registration."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nobody is invited at first."""
    _invitations()
    _registrations()


def _invitations() -> None:
    op.create_table(
        "invite",
        sa.Column("invite_id", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=True),
        sa.Column("purpose_id", sa.String(), nullable=True),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("hour_at", sa.BigInteger(), nullable=False),
        sa.Column("hour_used", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("invite_id", name="pk_invite"),
        sa.UniqueConstraint("token_digest", name="uq_invite_token_digest"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name="fk_invite_agency_id"),
    )


def _registrations() -> None:
    op.create_table(
        "registration",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("invite_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_registration"),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name="fk_registration_client_id"
        ),
        sa.ForeignKeyConstraint(
            ["invite_id"], ["invite.invite_id"], name="fk_registration_invite_id"
        ),
    )
    op.create_index("ix_registration_invite_id", "registration", ["invite_id"])
