"""Where the private part of a signing key lies. Those that there are lie sealed in their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """A version that does not know of it makes keys in its own software."""
    with op.batch_alter_table("signing_key") as batch:
        batch.add_column(
            sa.Column("provider", sa.String(), server_default="software", nullable=False)
        )
        batch.add_column(sa.Column("reference", sa.String()))
