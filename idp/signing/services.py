"""Relying parties as the readiness gate sees them, with the sign-ins of the last thirty days.

A sign-in is a grant that a person's code was redeemed for; grants are kept for longer than that.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from clients.readers import apart
from clients.sql import SqlClients
from consent.rows import GRANT
from idp.signing.believed import believed
from keys.readiness.judge import Service
from store.database import Database
from store.micros import DAY

LOOK_BACK = 30 * DAY
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

    async def __call__(self, now: int) -> Sequence[Service]:
        listed = [it.client for it in await self._clients.list() if it.disabled_at is None]
        told = apart({it.client_id: it.source_networks for it in listed})
        rows = await self._database.read(self._sign_ins, since=now - LOOK_BACK)
        sign_ins = {row["client_id"]: row["sign_ins"] for row in rows}
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
