"""What a person has beside the password, and which means there are in all."""

from dataclasses import dataclass
from typing import Self

from idp.authentication.means import Means
from idp.authentication.passkeys.store import Passkeys
from idp.authentication.recovery_codes import RecoveryCodes
from idp.authentication.totps import Totps
from keys.vault import Vault
from store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """Doors only."""

    totps: Totps
    passkeys: Passkeys
    recovery_codes: RecoveryCodes
    means: Means

    @classmethod
    def over(cls, database: Database, vault: Vault) -> Self:
        return cls(
            passkeys=Passkeys(database),
            totps=Totps(database, vault),
            recovery_codes=RecoveryCodes(database),
            means=Means(database),
        )
