"""Every table there is: importing this module describes them all in one metadata."""

from clients import rows as _clients
from clients.dynamic import rows as _registrations
from consent import rows as _consent
from idp.accounts import sql as _accounts
from idp.authentication import failures as _failures
from idp.authentication import passwords as _passwords
from idp.authentication import recovery_codes as _recovery_codes
from idp.authentication import totps as _totps
from idp.authentication.passkeys import rows as _passkeys
from idp.officers import rows as _officers
from idp.officers import sessions as _officer_sessions
from idp.sessions import devices as _devices
from idp.sessions import rows as _sessions
from keys import sql as _keys
from keys.data_keys import rows as _data_keys
from keys.readiness import rows as _readiness
from ledger import event as _ledger
from store import lease as _lease
from store import outbox as _outbox
from store.schema import Row

MODULES = (
    _accounts,
    _clients,
    _consent,
    _data_keys,
    _devices,
    _failures,
    _keys,
    _lease,
    _ledger,
    _officer_sessions,
    _officers,
    _outbox,
    _passkeys,
    _passwords,
    _readiness,
    _registrations,
    _recovery_codes,
    _sessions,
    _totps,
)
METADATA = Row.metadata
