"""Registering, reading, changing and deleting one's own registration.

RFC 7591 section 3; RFC 7592 section 2; OpenID Connect Registration sections 3 and 4.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.dynamic import rows, sector
from clients.dynamic.draft import Drafts, Kept
from clients.dynamic.invites import Invite, Invites
from clients.dynamic.policy import Policy, Terms
from clients.dynamic.refused import NotInvited, NotItsOwn, TooMany
from clients.dynamic.registration import Registration
from clients.dynamic.statement import believed
from clients.model import Client
from clients.sql import SqlClients
from keys.secrets import digest, new_id, new_secret, same
from ledger.event import Ledger
from ledger.kinds import ClientRegistered, RegistrationChanged, RegistrationDeleted
from store.database import Conflict, Database, Unavailable, Unchanged, Write

ATTEMPTS = 50  # each loses to another registration of the same host

EndGrants = Callable[[str, int], Sequence[Write]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What a registrar stands on. ``end_grants``: all of one client."""

    database: Database
    ledger: Ledger
    clients: SqlClients
    invites: Invites
    drafts: Drafts
    end_grants: EndGrants


class Registrar:
    def __init__(self, doors: Doors, policy: Policy) -> None:
        self._doors = doors
        self._policy = policy
        prepare = doors.database.prepare
        self._take = prepare(rows.TAKE)
        self._insert = prepare(rows.INSERT_REGISTRATION)
        self._managed = prepare(rows.MANAGED)

    async def register(
        self, said: Mapping[str, Any], invitation: str | None, now: int
    ) -> Registration:
        """Raises ``NotInvited``, ``TooMany`` and ``BadMetadata``; then nothing was kept."""
        invite = await self._invite(invitation, now)
        terms = Terms(
            agency_id=invite.agency_id, purpose_id=invite.purpose_id or self._policy.purpose_id
        )
        told = believed(said, self._policy, now)
        kept = Kept(client_id=secrets.token_hex(16), terms=terms)
        draft = await self._doors.drafts.make(told, kept)
        token, name = new_secret(), invite.invite_id
        event = ClientRegistered(event_id=new_id(now), client_id=kept.client_id, invite_id=name)
        managed = {"client_id": kept.client_id, "invite_id": name, "created_at": now}
        await self._commit(
            draft.client,
            now,
            Write(self._take, {"the_invite": name, "now": now}, must_change=True),
            last=(
                Write(self._insert, {**managed, "token_digest": digest(token)}),
                self._doors.ledger.insert(event, now),
            ),
        )
        return Registration(client=draft.client, issued_at=now, token=token, secret=draft.secret)

    async def read(self, client_id: str, token: str) -> Registration:
        """Raises ``NotItsOwn``."""
        for row in await self._doors.database.read(self._managed, the_client=client_id):
            listed = await self._doors.clients.show(client_id)
            if listed is not None and same(row["token_digest"], digest(token)):
                return Registration(client=listed.client, issued_at=listed.created_at, token=token)
        raise NotItsOwn("no such client, or another token")

    async def change(
        self, client_id: str, token: str, said: Mapping[str, Any], now: int
    ) -> Registration:
        """What is not said has its default again. Raises ``NotItsOwn``, ``BadMetadata``."""
        there = await self.read(client_id, token)
        draft = await self._doors.drafts.make(
            believed(said, self._policy, now), Kept.of(there.client)
        )
        event = RegistrationChanged(event_id=new_id(now), client_id=client_id)
        await self._commit(draft.client, now, last=(self._doors.ledger.insert(event, now),))
        return Registration(
            client=draft.client, issued_at=there.issued_at, token=token, secret=draft.secret
        )

    async def delete(self, client_id: str, token: str, now: int) -> None:
        """RFC 7592 section 2.3: with everything that people have given it. ``NotItsOwn``."""
        await self.read(client_id, token)
        event = RegistrationDeleted(event_id=new_id(now), client_id=client_id)
        end = self._doors.end_grants(client_id, now)
        last = self._doors.ledger.insert(event, now)
        if not await self._doors.clients.disable(client_id, now, *end, last):
            raise NotItsOwn("deleted a moment ago")

    async def _invite(self, invitation: str | None, now: int) -> Invite:
        if invitation is not None:
            return await self._doors.invites.find(invitation, now)
        if not self._policy.open:
            raise NotInvited("no invitation")
        return await self._doors.invites.standing(self._policy.rate, now)

    async def _commit(self, client: Client, now: int, *first: Write, last: Sequence[Write]) -> None:
        """The client, its agency if that is a host, and the rest: all or nothing."""
        agencies = () if _declared(client) else (sector.agency_of(client),)
        for _ in range(ATTEMPTS):
            steps = await self._doors.clients.steps(agencies, (client,), now)
            writes = (write for step in steps for write in step.writes)
            try:
                await self._doors.database.commit(*first, *writes, *last)
            except Conflict:
                continue
            except Unchanged as error:
                raise TooMany("too many at once, or in this hour") from error
            return
        raise Unavailable("others register at the same host all the time")


def _declared(client: Client) -> bool:
    return not client.agency_id.startswith(sector.MARK)
