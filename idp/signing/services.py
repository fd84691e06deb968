"""Relying parties as the readiness gate sees them, with the sign-ins of the last thirty days.

A sign-in is a grant that a person's code was redeemed for; grants are kept for longer than that.
To count them is a pass over all grants: once in some minutes, however many look.
"""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select

from clients.source_networks import apart
from clients.sql import SqlClients
from consent.rows import GRANT
from idp.signing.believed import believed
from keys.readiness.judge import Service
from store.database import Database
from store.micros import DAY, MINUTE

LOOK_BACK = 30 * DAY
COUNTED = 5 * MINUTE  # so long a count is good: of thirty days little is new
_SIGN_INS = (
    select(GRANT.c.client_id, func.count().label("sign_ins"))
    .where(GRANT.c.created_at > bindparam("since"), GRANT.c.account_id.is_not(None))
    .group_by(GRANT.c.client_id)
)


class SqlServices:
    """``keys.readiness.gate.Services``: those that are not disabled."""

    def __init__(self, database: Database, clients: SqlClients) -> None:
        self._database = database
        self._clients = clients
        self._sign_ins = database.prepare(_SIGN_INS)
        self._counting = asyncio.Lock()
        self._counted: tuple[int, Mapping[str, int]] | None = None

    async def __call__(self, now: int) -> Sequence[Service]:
        listed = [it.client for it in await self._clients.list() if it.disabled_at is None]
        told = apart({it.client_id: it.source_networks for it in listed})
        sign_ins = await self._count(now)
        return [
            Service(
                client_id=it.client_id,
                name=it.client_name,
                agency_id=it.agency_id,
                known=it.key_set_name is not None or it.client_id in told,
                algs=believed(it),
                sign_ins=sign_ins.get(it.client_id, 0),
            )
            for it in listed
        ]

    async def _count(self, now: int) -> Mapping[str, int]:
        """By client, as it was at most some minutes ago. Who comes meanwhile waits for the same."""
        async with self._counting:
            if self._counted is None or not 0 <= now - self._counted[0] < COUNTED:
                rows = await self._database.read(self._sign_ins, since=now - LOOK_BACK)
                self._counted = now, {row["client_id"]: row["sign_ins"] for row in rows}
            return self._counted[1]
