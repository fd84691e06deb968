"""Every adapter over one database, made once. The server and the command line share it."""

from dataclasses import dataclass
from typing import Self

from clients.sql import SqlClients
from clients.subjects import SqlSubjects
from consent.grants import SqlGrants
from consent.purposes_sql import SqlPurposes
from idp.accounts.sql import Accounts
from idp.authentication.failures import Failures
from idp.authentication.password import Hasher
from idp.authentication.passwords import Passwords
from idp.sessions.rows import SESSION_IS_LIVE
from idp.sessions.sql import Sessions
from idp.sessions.start import SessionStart
from idp.storage import Storage
from keys.sql import SqlKeys
from ledger.event import Ledger, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Doors only."""

    storage: Storage
    ledger: Ledger
    accounts: Accounts
    failures: Failures
    passwords: Passwords
    hasher: Hasher
    sessions: Sessions
    start: SessionStart
    clients: SqlClients
    subjects: SqlSubjects
    purposes: SqlPurposes
    grants: SqlGrants
    keys: SqlKeys

    @classmethod
    def over(cls, storage: Storage, watch: Watch) -> Self:
        database, vault = storage.database, storage.vault
        ledger = Ledger(database, watch)
        grants = SqlGrants(database, ledger, session_is_live=SESSION_IS_LIVE)
        sessions = Sessions(database, ledger, grants.end_of_session)
        return cls(
            storage=storage,
            ledger=ledger,
            accounts=Accounts(database, vault, ledger),
            failures=Failures(database),
            passwords=Passwords(database),
            hasher=Hasher(vault.key("password")),
            sessions=sessions,
            start=SessionStart(database, ledger, sessions),
            clients=SqlClients(database, ledger),
            subjects=SqlSubjects(database),
            purposes=SqlPurposes(database, ledger),
            grants=grants,
            keys=SqlKeys(database, vault, ledger),
        )
