"""The first schema."""

from alembic import op

from idp.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Every table."""
    METADATA.create_all(op.get_bind())
