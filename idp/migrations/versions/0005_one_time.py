"""One-time values where there is no Redis: unlogged, for losing them is allowed.

In the embedded default they lie in a file of their own, which needs no step here.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

_STEPS = (
    """
    CREATE UNLOGGED TABLE one_time (
        key TEXT PRIMARY KEY,
        value BYTEA NOT NULL,
        uses BIGINT NOT NULL,
        expires_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX ix_one_time_expires_at ON one_time (expires_at)",
)


def upgrade() -> None:
    """On PostgreSQL only."""
    if op.get_context().dialect.name == "postgresql":
        for step in _STEPS:
            op.execute(step)
