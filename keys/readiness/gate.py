"""The gate: a key does not sign while too much hangs on services that have not fetched it.

OpenID Connect Core section 10.1.1. It holds what may wait: rotation and activation by hand. Where a
key was stopped its successor signs, whoever has seen it. In a demonstration it holds nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import bindparam, or_, update

from keys.lives.by import By
from keys.lives.lifecycle import Life, Refused
from keys.lives.policy import Policy
from keys.readiness.fetches import SqlFetches
from keys.readiness.judge import Has, Readiness, Service, of_all, readiness
from keys.rows import KEY
from keys.secrets import new_id
from keys.signing_key import State
from ledger.event import Ledger
from ledger.kinds import KeyHeld
from store.database import Database, Unchanged, Write
from store.micros import DAY

Services = Callable[[int], Awaitable[Sequence[Service]]]
"""All relying parties, and how many sign-ins each has had."""

_HOLD = (
    update(KEY)
    .where(
        KEY.c.kid == bindparam("this_kid"),
        KEY.c.state == State.PUBLISHED,
        or_(KEY.c.held_at.is_(None), KEY.c.held_at <= bindparam("told_before")),
    )
    .values(held_at=bindparam("now"))
)


class NotReady(Refused):
    """Too much hangs on services that do not have it: ``found`` names them."""

    def __init__(self, found: Readiness) -> None:
        names = ", ".join(it.service.client_id for it in found.stale)
        super().__init__(
            f"key {found.kid} is not ready: {found.share(Has.NOT):.1%} of the sign-ins that it is"
            f" for are at services that have not fetched it, {names}"
        )
        self.found = found


class Gate:
    def __init__(
        self, database: Database, ledger: Ledger, services: Services, policy: Policy
    ) -> None:
        self.policy = policy
        self._database = database
        self._ledger = ledger
        self._services = services
        self.fetches = SqlFetches(database)
        self._hold = database.prepare(_HOLD)

    async def look(self, lives: Sequence[Life], now: int) -> Sequence[Readiness]:
        """Of each of these that is shown."""
        return of_all(lives, await self._services(now), await self.fetches.all())

    async def passed(self, by: By, life: Life, now: int) -> By:
        """As it is to be recorded: with what it overrides, if anything. Raises ``NotReady``."""
        if self.policy.demonstration:
            return replace(by, override=None)
        found = readiness(life, await self._services(now), await self.fetches.all())
        if found.is_ready(self.policy.stale_percent):
            return replace(by, override=None)
        if by.override is None:
            raise NotReady(found)
        behind = tuple(it.service.client_id for it in found.stale)
        return replace(by, override=replace(by.override, behind=behind))

    async def hold(self, held: NotReady, now: int) -> bool:
        """Tell that a key waits for others, once a day, whoever sees it; false: told before."""
        found = held.found
        event = KeyHeld(
            event_id=new_id(now),
            kid=found.kid,
            alg=found.alg,
            behind=tuple(it.service.client_id for it in found.stale),
            share_ppm=round(found.share(Has.NOT) * 1_000_000),
        )
        values = {"this_kid": found.kid, "told_before": now - DAY, "now": now}
        write = Write(self._hold, values, must_change=True)
        with suppress(Unchanged):
            await self._database.commit(write, self._ledger.insert(event, now))
            return True
        return False
