"""The tables of consent, and when a record counts.

Records are never deleted and never rewritten: they end. Values of attributes are in none of
these tables.
"""

from functools import lru_cache

from sqlalchemy import ColumnElement, Index, and_, bindparam, select, text
from sqlmodel import Field

from store.micros import DAY
from store.schema import Row, micros, table


class PurposeRow(Row, table=True):
    __tablename__ = "purpose"

    purpose_id: str = Field(primary_key=True)
    version: int
    purpose_json: str
    changed_at: int = micros()


class NoticeRow(Row, table=True):
    """What people saw, once for each wording."""

    __tablename__ = "notice"

    sha256: str = Field(primary_key=True)
    language: str
    text: str


class RecordRow(Row, table=True):
    """``asked`` and ``allowed`` are attribute ids, sorted, with a space between."""

    __tablename__ = "record"
    __table_args__ = (
        Index(
            "uq_record_live",
            "account_id",
            "client_id",
            "purpose_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    record_id: str = Field(primary_key=True)
    interaction_digest: str = Field(unique=True)
    account_id: str
    client_id: str
    purpose_id: str = Field(foreign_key="purpose.purpose_id")
    purpose_version: int
    asked: str
    allowed: str
    notice_sha256: str = Field(foreign_key="notice.sha256")
    acr: str
    given_at: int = micros()
    expires_at: int = micros()
    ended_at: int | None = micros(default=None)
    ended_as: str | None = None


class GrantRow(Row, table=True):
    """``scope`` and ``claims`` are sorted, with a space between."""

    __tablename__ = "grant"

    grant_id: str = Field(primary_key=True)
    code_digest: str | None = Field(default=None, unique=True)
    client_id: str
    subject: str
    account_id: str | None = None
    session_id: str | None = Field(default=None, index=True)
    record_id: str | None = Field(default=None, foreign_key="record.record_id", index=True)
    purpose_id: str | None = None
    scope: str
    claims: str
    created_at: int = micros()
    ends_at: int | None = micros(default=None, index=True)
    ended_at: int | None = micros(default=None)


class FamilyRow(Row, table=True):
    """The refresh tokens of one grant, none of which can be made from what is kept here.

    ``amr``: words with spaces between them. ``ends_at``: whatever use is made of it.
    """

    __tablename__ = "refresh_family"

    family_digest: str = Field(primary_key=True)
    grant_id: str = Field(foreign_key="grant.grant_id", unique=True)
    generation: int
    turned_at: int | None = micros(default=None)
    used_at: int = micros()
    ends_at: int = micros(index=True)
    auth_time: int = micros()
    acr: str
    amr: str
    sid: str


class RevokedTokenRow(Row, table=True):
    """Single tokens that are worth nothing before they expire."""

    __tablename__ = "revoked_token"

    jti: str = Field(primary_key=True)
    ends_at: int = micros(index=True)


PURPOSE, NOTICE, RECORD = table(PurposeRow), table(NoticeRow), table(RecordRow)
GRANT, REVOKED_TOKEN = table(GrantRow), table(RevokedTokenRow)
FAMILY = table(FamilyRow)

RECORD_IS_GIVEN: ColumnElement[bool] = and_(
    RECORD.c.ended_at.is_(None),
    RECORD.c.expires_at > bindparam("now"),
    RECORD.c.purpose_version
    == select(PURPOSE.c.version)
    .where(PURPOSE.c.purpose_id == RECORD.c.purpose_id)
    .correlate(RECORD)
    .scalar_subquery(),
)
"""Neither withdrawn nor superseded nor expired, and of the purpose as it stands."""

REMEMBERED = 1000  # clients ask the same again and again

REACHED = 31 * DAY
"""How long a grant is kept after its end, for questions; longer while its session lives."""


@lru_cache(maxsize=REMEMBERED)
def words(values: frozenset[str]) -> str:
    """A set of names in one column."""
    return " ".join(sorted(values))


@lru_cache(maxsize=REMEMBERED)
def unworded(column: str) -> frozenset[str]:
    """The inverse of ``words``."""
    return frozenset(column.split())
