"""The sessions of one browser are read in the order in which people signed in."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Another index instead of the one of before, which begins with the same column."""
    op.create_index("ix_session_browser", "session", ["browser_digest", "auth_time", "session_id"])
    op.drop_index("ix_session_browser_digest", "session")
