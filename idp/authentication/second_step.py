"""The code after the password: of the authenticator app, or one from the paper.

NIST SP 800-63B-4 sections 3.1.2, 3.1.4 and 3.2.2. Whatever is used once is used in the commit that
starts the session, and nothing starts if the first part does not hold any more.
"""

from dataclasses import dataclass

from idp.accounts.sql import Accounts
from idp.authentication import PASSWORD_TOTP, acr
from idp.authentication.factors import Factors
from idp.authentication.failures import Failures
from idp.authentication.half_way import Half
from idp.authentication.passwords import Passwords
from idp.authentication.recovery import is_recovery_code
from idp.authentication.refused import Refused
from idp.authentication.totp import plain, step_shown
from idp.notices.write import Notices
from idp.sessions.sql import Sessions
from idp.sessions.start import Authenticated, SessionStart, Started
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import RecoveryCodeUsed, SignInFailed
from store.database import Database, Unchanged, Write


@dataclass(frozen=True, slots=True)
class Accepted:
    """What marks the code as used, for the commit that starts the session.

    ``on_paper``: it is a recovery code, of which the person is told.
    """

    writes: tuple[Write, ...]
    on_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    database: Database
    accounts: Accounts
    failures: Failures
    passwords: Passwords
    factors: Factors
    sessions: Sessions
    start: SessionStart
    notices: Notices
    ledger: Ledger

    async def check(self, account_id: str, code: str, now: int) -> Accepted | Refused:
        """Look at a code, and count it if it can be guessed. Nothing is used yet."""
        if is_recovery_code(code):
            return await self._on_paper(account_id, code, now)
        name = counter(account_id)
        if not await self.failures.count(name, now):
            return await self._refusal(name, now)
        app = await self.factors.totps.find(account_id)
        step = step_shown(app.secret, plain(code), now) if app else None
        if app is None or step is None or step <= app.last_step:
            return await self._failed(name, now)
        return Accepted((self.factors.totps.take(account_id, step), self.failures.forget(name)))

    async def enter(
        self, half: Half, accepted: Accepted, browser: tuple[str | None, str], now: int
    ) -> Started | None:
        """Nothing if the code was used meanwhile, or the first part does not hold any more.

        ``browser``: its secret, if it has one, and its label.
        """
        secret, label = browser
        account = await self.accounts.find(half.account_id)
        here = {it.session_id for it in await self.sessions.of_browser(secret, now)}
        if account is None or not account.active or half.session_id not in {"", *here}:
            return None
        told = self._told(half.account_id, now) if accepted.on_paper else ()
        proof = Authenticated(
            account_id=account.account_id,
            acr=acr(PASSWORD_TOTP, account.level),
            amr=PASSWORD_TOTP.amr,
            label=label,
            auth_time=half.auth_time,
            also=(*accepted.writes, *told, *self._first_part(half, now)),
        )
        try:
            return await self.start(proof, secret, now)
        except Unchanged:
            return None

    def _first_part(self, half: Half, now: int) -> tuple[Write, ...]:
        """It holds at the moment of the commit."""
        if half.session_id:
            return (self.sessions.still_live(half.session_id, now),)
        return (self.passwords.still_set(half.account_id, half.password_set_at),)

    async def _on_paper(self, account_id: str, code: str, now: int) -> Accepted | Refused:
        """Too long to be guessed, so wrong ones are not counted, and no delay stands before it."""
        use = self.factors.recovery_codes.use(account_id, code, now)
        if not await self.factors.recovery_codes.is_unused(account_id, code):
            await self._log_failure(now)
            return Refused()
        return Accepted((use,), on_paper=True)

    def _told(self, account_id: str, now: int) -> tuple[Write, ...]:
        used = RecoveryCodeUsed(event_id=new_id(now), account_id=account_id)
        notice = self.notices.write("code_used", account_id, now)
        return (*notice, self.ledger.insert(used, now))

    async def _failed(self, name: str, now: int) -> Refused:
        await self._log_failure(now)
        return await self._refusal(name, now)

    async def _log_failure(self, now: int) -> None:
        failed = SignInFailed(event_id=new_id(now), reason="code")
        await self.database.commit(self.ledger.insert(failed, now))

    async def _refusal(self, name: str, now: int) -> Refused:
        wait = await self.failures.wait(name, now)
        return Refused(off=True) if wait is None else Refused(wait=wait)


def counter(account_id: str) -> str:
    """Under which the app's wrong codes are counted: apart from wrong passwords."""
    return f"totp {account_id}"
