"""Telling a client that a session has ended. OpenID Connect Back-Channel Logout 1.0 section 2.5.

The token is minted at each attempt, with the keys of that moment. A client is told only so many
things at once, and one at a time while it keeps failing: a slow one holds up nobody else.
"""

from collections import Counter
from dataclasses import dataclass, field

from clients.courier import Courier
from clients.model import Client
from clients.sql import SqlClients
from clients.subjects import SqlSubjects
from consent.reached import session_and_client
from consent.registers.breaker import WORKING, Breaker
from idp.letters import Letters
from idp.outbox.carrier import Undelivered
from idp.sessions.sid import sid
from oidc.client_ports import ClientKeys
from oidc.logout_token import logout_token_claims, sign
from oidc.ports import Config, Keys
from store.outbox import Message

AT_ONCE = 32  # messages to one client


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCarrier:
    """``idp.outbox.carrier.Carrier``. ``sid_key``: the vault's, for ``sid``."""

    config: Config
    clients: SqlClients
    subjects: SqlSubjects
    keys: Keys
    client_keys: ClientKeys
    letters: Letters
    courier: Courier
    sid_key: bytes
    breakers: dict[str, Breaker] = field(default_factory=dict)
    under_way: Counter[str] = field(default_factory=Counter)

    async def __call__(self, message: Message, now: int) -> None:
        """A client that has no address for it need not be told; a disabled one is told, too.

        People may still be signed in there.
        """
        session_id, client_id = session_and_client(message.message_id)
        listed = await self.clients.show(client_id)
        if listed is None:
            raise Undelivered("its client cannot be read")
        url = listed.client.backchannel_logout_uri
        if url is None:
            return
        token = await self._token(message, session_id, listed.client, now)
        await self._post(client_id, url, token, now)

    async def _post(self, client_id: str, url: str, token: str, now: int) -> None:
        breaker = self.breakers.get(client_id, WORKING)
        if self.under_way[client_id] >= AT_ONCE or not breaker.may_try(now):
            raise Undelivered("left alone for a while")
        self.breakers[client_id] = breaker.trying(now)
        self.under_way[client_id] += 1
        try:
            await self.courier.post(url, {"logout_token": token})
        except Undelivered:
            self.breakers[client_id] = self.breakers[client_id].failed(now)
            raise
        finally:
            self.under_way[client_id] -= 1
        self.breakers[client_id] = WORKING

    async def _token(self, message: Message, session_id: str, client: Client, now: int) -> str:
        account_id = self.letters.open(session_id, message.body)["account_id"]
        claims = logout_token_claims(
            client,
            self.config,
            subject=await self.subjects.ensure(account_id, client.agency_id, now),
            sid=sid(self.sid_key, session_id, client.agency_id),
            now=now,
        )
        return await sign(claims, client, self.keys, self.client_keys, now)
