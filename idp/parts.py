"""Every adapter over one database, made once. The server and the command line share it."""

from dataclasses import dataclass
from typing import Self, TypedDict

from clients.sql import SqlClients
from clients.subjects import SqlSubjects
from consent.families import SqlFamilies
from consent.grants import SqlGrants
from consent.purposes_sql import SqlPurposes
from consent.rows import GRANT
from idp.accounts.sql import Accounts, contact_of
from idp.authentication.factors import Factors
from idp.authentication.failures import Failures
from idp.authentication.password import Hasher
from idp.authentication.passwords import Passwords
from idp.letters import Post
from idp.notices.write import Notices
from idp.sessions.farewell import Farewell
from idp.sessions.rows import SESSION_IS_LIVE, session_lives
from idp.sessions.sql import Sessions
from idp.sessions.start import SessionStart
from idp.signing.services import SqlServices
from idp.storage import Storage
from keys.lives.custody import Custody
from keys.lives.policy import Policy
from keys.readiness.gate import Gate
from keys.sql import SqlKeys
from ledger.event import Ledger
from ledger.kinds import Watch
from store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Doors only."""

    storage: Storage
    ledger: Ledger
    accounts: Accounts
    failures: Failures
    passwords: Passwords
    hasher: Hasher
    factors: Factors
    sessions: Sessions
    start: SessionStart
    clients: SqlClients
    subjects: SqlSubjects
    purposes: SqlPurposes
    grants: SqlGrants
    families: SqlFamilies
    keys: SqlKeys
    custody: Custody
    gate: Gate
    post: Post
    notices: Notices

    @classmethod
    def over(cls, storage: Storage, watch: Watch, policy: Policy) -> Self:
        database, vault = storage.database, storage.vault
        ledger, post = Ledger(database, watch), Post.over(database, vault)
        grants, clients = _grants(database, ledger), SqlClients(database, ledger)
        sessions = Sessions(database, ledger, Farewell(post.letters, post.reached, grants))
        return cls(
            storage=storage,
            ledger=ledger,
            accounts=Accounts(database, vault, ledger),
            failures=Failures(database),
            passwords=Passwords(database),
            hasher=Hasher(vault.secrets("password")),
            factors=Factors.over(database, vault),
            sessions=sessions,
            start=SessionStart(database, ledger, sessions),
            clients=clients,
            subjects=SqlSubjects(database),
            purposes=SqlPurposes(database, ledger),
            grants=grants,
            families=SqlFamilies(database, ledger),
            **_signing(storage, ledger, clients, policy, watch),
            post=post,
            notices=Notices(post.letters),
        )


def _grants(database: Database, ledger: Ledger) -> SqlGrants:
    return SqlGrants(
        database,
        ledger,
        session_is_live=SESSION_IS_LIVE,
        its_session_lives=session_lives(GRANT.c.session_id),
        contact=contact_of(GRANT.c.account_id),
    )


class Signing(TypedDict):
    keys: SqlKeys
    custody: Custody
    gate: Gate


def _signing(
    storage: Storage, ledger: Ledger, clients: SqlClients, policy: Policy, watch: Watch
) -> Signing:
    database, vault, keepers = storage.database, storage.vault, storage.keepers.heard_by(watch)
    gate = Gate(database, ledger, SqlServices(database, clients), policy)
    return {
        "keys": SqlKeys(database, vault, policy, keepers),
        "custody": Custody(database, vault, ledger, policy, keepers, gate.passed),
        "gate": gate,
    }
