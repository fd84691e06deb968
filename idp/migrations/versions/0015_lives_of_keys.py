"""The whole life of a signing key: more states, when it was in which, and the mark of a trial."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_STATES = (
    "'published', 'active', 'retiring', 'retired', 'suspended', 'compromised',"
    " 'pending_destruction', 'destroyed'"
)
_ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    """What retires now was superseded by the one that signs now, and is kept until it may go."""
    op.drop_index("uq_signing_key_alg", "signing_key")
    with op.batch_alter_table("signing_key") as batch:
        batch.drop_constraint("ck_signing_key_state", type_="check")
        batch.create_check_constraint("ck_signing_key_state", f"state IN ({_STATES})")
        for name in ("published_at", "deactivated_at", "compromised_at", "changed_at"):
            batch.add_column(sa.Column(name, sa.BigInteger()))
        for name in ("alarmed", "demonstration"):
            batch.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "uq_signing_key_alg",
        "signing_key",
        ["alg", "use"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.execute(
        "UPDATE signing_key SET published_at = created_at,"
        " changed_at = coalesce(activated_at, created_at),"
        " deactivated_at = CASE WHEN state IN ('retiring', 'retired') THEN"
        " (SELECT max(one.activated_at) FROM signing_key AS one WHERE one.alg = signing_key.alg)"
        " END"
    )
