"""Every table there is: importing this module describes them all in one metadata."""

from clients import rows as _clients
from consent import rows as _consent
from idp.accounts import sql as _accounts
from idp.authentication import failures as _failures
from idp.authentication import passwords as _passwords
from idp.sessions import rows as _sessions
from keys import sql as _keys
from ledger import event as _ledger
from store import lease as _lease
from store import outbox as _outbox
from store.schema import Row

MODULES = (
    _accounts,
    _clients,
    _consent,
    _failures,
    _keys,
    _lease,
    _ledger,
    _outbox,
    _passwords,
    _sessions,
)
METADATA = Row.metadata
