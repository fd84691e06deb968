"""Every place where something lies sealed: each is described beside its table."""

from clients.secrets import SECRET
from idp.accounts.sql import CONTACT, NUMBER
from idp.authentication.totps import SECRET as TOTP
from idp.letters import BODY
from keys.data_keys.columns import Columns, SealedColumn
from keys.rows import KEY

PRIVATE = SealedColumn(KEY, "private_sealed")
COLUMNS: Columns = (PRIVATE, NUMBER, CONTACT, TOTP, SECRET, BODY)
