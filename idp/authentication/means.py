"""Which ways to prove who one is an account has, and how far they reach.

NIST SP 800-63B-4 section 4.1.2: who changes them proves the best of them first.
"""

from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, func, select

from idp.authentication import PASSKEY, PASSWORD, PASSWORD_TOTP
from idp.authentication.passkeys import rows as passkeys
from idp.authentication.passwords import PASSWORDS
from idp.authentication.recovery_codes import RECOVERY_CODE
from idp.authentication.totps import TOTP
from store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """``passkeys`` and ``codes_left`` are numbers; a code alone opens nothing.

    ``codes_made``: how often recovery codes were made for this app.
    """

    password: bool
    totp: bool
    codes_left: int
    codes_made: int = 0
    passkeys: int = 0

    @property
    def level(self) -> int:
        """How far they reach, whatever the account is good for."""
        return self.best(PASSWORD_TOTP.level)

    @property
    def second_factor(self) -> bool:
        """The password alone does not let this person in."""
        return self.password and self.totp

    def best(self, account_level: int) -> int:
        """The highest level this account can reach: the weakest link decides."""
        if self.passkeys:
            return min(PASSKEY.level, account_level)
        if self.second_factor:
            return min(PASSWORD_TOTP.level, account_level)
        return min(PASSWORD.level if self.password else 0, account_level)


_MINE: BindParameter[str] = bindparam("the_account")
_OF = select(
    *(
        select(func.count()).select_from(source).where(*conditions).scalar_subquery().label(name)
        for name, source, conditions in (
            ("password", PASSWORDS, (PASSWORDS.c.account_id == _MINE,)),
            ("passkeys", passkeys.PASSKEY, (passkeys.PASSKEY.c.account_id == _MINE,)),
            (
                "codes_left",
                RECOVERY_CODE,
                (RECOVERY_CODE.c.account_id == _MINE, RECOVERY_CODE.c.used_at.is_(None)),
            ),
        )
    ),
    select(TOTP.c.codes_made)
    .where(TOTP.c.account_id == _MINE)
    .scalar_subquery()
    .label("codes_made"),
)


class Means:
    """One read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._of = database.prepare(_OF)

    async def of(self, account_id: str) -> Held:
        """What this account has, as of now; nothing, if there is no such account."""
        [row] = await self._database.read(self._of, the_account=account_id)
        made = row["codes_made"]
        return Held(
            password=row["password"] > 0,
            totp=made is not None,
            codes_left=row["codes_left"],
            codes_made=made or 0,
            passkeys=row["passkeys"],
        )
