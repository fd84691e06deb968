"""What a person signs in with, beyond the password: seeing it, proving it, changing it."""

from dataclasses import dataclass

from idp.accounts.sql import Accounts
from idp.authentication.changes import Changes
from idp.authentication.means import Means
from idp.authentication.second_step import SecondStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Doors only."""

    accounts: Accounts
    means: Means
    second_step: SecondStep
    changes: Changes
