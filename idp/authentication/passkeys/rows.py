"""The tables of passkeys and of the names by which authenticators know an account.

WebAuthn Level 3 section 14.6.1: a user handle tells nothing of its owner.
"""

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Field

from idp.accounts.sql import AccountRow
from idp.authentication.failures import MOST, FailureRow
from idp.authentication.passkeys.credential import CredentialColumns, use
from idp.authentication.passwords import PASSWORDS
from idp.sessions.rows import LIVE, SESSION
from store.schema import Row, table


class UserHandleRow(Row, table=True):
    """Random, one for each account that ever asked for a passkey."""

    __tablename__ = "user_handle"

    account_id: str = Field(primary_key=True, foreign_key="account.account_id")
    handle: str = Field(unique=True)


class PasskeyRow(Row, CredentialColumns, table=True):
    """``aaguid`` is said, not proven."""

    __tablename__ = "passkey"

    account_id: str = Field(foreign_key="account.account_id", index=True)
    name: str
    aaguid: str


_ACCOUNT, _HANDLE, _FAILURE = table(AccountRow), table(UserHandleRow), table(FailureRow)
PASSKEY = table(PasskeyRow)
_OTHER = PASSKEY.alias("other")
_MINE = PASSKEY.c.account_id == bindparam("account_id")
_THIS = PASSKEY.c.passkey_id == bindparam("the_passkey")

ENSURE_HANDLE = upsert(_HANDLE).on_conflict_do_nothing(index_elements=[_HANDLE.c.account_id])
FIND_HANDLE = select(_HANDLE.c.handle).where(_HANDLE.c.account_id == bindparam("account_id"))

INSERT = insert(PASSKEY)
OF_ACCOUNT = select(PASSKEY).where(_MINE).order_by(PASSKEY.c.created_at, PASSKEY.c.passkey_id)
BY_CREDENTIAL = (
    select(*PASSKEY.c, _ACCOUNT.c.level, _ACCOUNT.c.status, _HANDLE.c.handle)
    .select_from(
        PASSKEY.join(_ACCOUNT, _ACCOUNT.c.account_id == PASSKEY.c.account_id).join(
            _HANDLE, _HANDLE.c.account_id == PASSKEY.c.account_id
        )
    )
    .where(PASSKEY.c.credential_id == bindparam("credential_id"))
)
USED = use(PASSKEY)

RENAME = update(PASSKEY).where(_THIS, _MINE).values(name=bindparam("new_name"))
LOCK = (
    update(_HANDLE)
    .where(_HANDLE.c.account_id == bindparam("account_id"))
    .values(handle=_HANDLE.c.handle)
)
"""One removal at a time for each account, so that two cannot each count on the other's."""

FORGET = delete(PASSKEY).where(_MINE)

_PASSWORD_IS_OFF = exists().where(
    _ACCOUNT.c.account_id == bindparam("account_id"),
    _FAILURE.c.number_digest == _ACCOUNT.c.number_digest,
    _FAILURE.c.failures >= MOST,
)
REMOVE = delete(PASSKEY).where(
    _THIS,
    _MINE,
    or_(
        exists().where(PASSWORDS.c.account_id == bindparam("account_id"), ~_PASSWORD_IS_OFF),
        exists().where(
            _OTHER.c.account_id == bindparam("account_id"),
            _OTHER.c.passkey_id != bindparam("the_passkey"),
        ),
    ),
    ~exists().where(
        SESSION.c.account_id == bindparam("account_id"),
        SESSION.c.session_id != bindparam("keep"),
        SESSION.c.passkey_id == bindparam("the_passkey"),
        LIVE,
    ),
)
"""Unless it is the last way in, which a password that is switched off is not.

Nor while anybody is signed in by it elsewhere: who came in meanwhile has to be ended first.
"""
