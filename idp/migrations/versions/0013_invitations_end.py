"""Invitations that are over are found by the day on which they ended."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Whoever knows nothing of the index writes into it all the same."""
    op.create_index("ix_invite_ends_at", "invite", ["ends_at"])
