"""Invitations: initial access tokens, good for so many registrations until a day.

RFC 7591 sections 1.2 and 3. The standing one is for who comes without any, where that is allowed.
"""

from contextlib import suppress
from dataclasses import dataclass

from clients.dynamic import rows
from clients.dynamic.refused import NotInvited
from keys.secrets import digest, new_id, new_secret
from ledger.event import Ledger
from ledger.kinds import ClientsInvited
from store.database import Conflict, Database, Found, Write

STANDING = "open"
_EVER = 1 << 62
_MANY = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """``ends_at`` in microseconds; ``rate`` registrations an hour."""

    invite_id: str
    agency_id: str | None = None
    purpose_id: str | None = None
    remaining: int = 1
    rate: int = _MANY
    ends_at: int


class Invites:
    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._insert = database.prepare(rows.INSERT_INVITE)
        self._find = database.prepare(rows.INVITED)
        self._set_rate = database.prepare(rows.SET_RATE)

    async def make(self, invite: Invite, now: int) -> str:
        """The token, which is shown once. Raises ``Violation`` where there is no such agency."""
        token = new_secret()
        await self._keep(invite, digest(token), now)
        return token

    async def standing(self, rate: int, now: int) -> Invite:
        """Made when it is first needed; whoever races makes the same one.

        It is as the settings are now: another rate holds from the next registration on.
        """
        invite = Invite(invite_id=STANDING, remaining=_MANY, rate=rate, ends_at=_EVER)
        kept = next(iter(await self._database.read(self._find, the_digest=STANDING)), None)
        if kept is None:
            with suppress(Conflict):
                await self._keep(invite, STANDING, now)
        elif kept["rate"] != rate:
            await self._database.commit(
                Write(self._set_rate, {"the_invite": STANDING, "the_rate": rate})
            )
        return invite

    async def find(self, token: str, now: int) -> Invite:
        """Raises ``NotInvited``."""
        for row in await self._database.read(self._find, the_digest=digest(token)):
            if row["remaining"] > 0 and row["ends_at"] > now:
                return _invite(row)
        raise NotInvited("used up, over, or none of ours")

    async def _keep(self, invite: Invite, token_digest: str, now: int) -> None:
        values = {
            "invite_id": invite.invite_id,
            "token_digest": token_digest,
            "agency_id": invite.agency_id,
            "purpose_id": invite.purpose_id,
            "remaining": invite.remaining,
            "rate": invite.rate,
            "hour_at": now,
            "hour_used": 0,
            "created_at": now,
            "ends_at": invite.ends_at,
        }
        event = ClientsInvited(
            event_id=new_id(now), invite_id=invite.invite_id, clients=invite.remaining
        )
        await self._database.commit(Write(self._insert, values), self._ledger.insert(event, now))


def _invite(row: Found) -> Invite:
    return Invite(
        invite_id=row["invite_id"],
        agency_id=row["agency_id"],
        purpose_id=row["purpose_id"],
        remaining=row["remaining"],
        rate=row["rate"],
        ends_at=row["ends_at"],
    )
