"""Telling a client that a signing key may be somebody else's. RFC 8935 section 2 (push).

The notice is signed at each attempt, with the keys of that moment.
"""

from dataclasses import dataclass

from clients.courier import Courier
from clients.sql import SqlClients
from idp.outbox.carrier import Undelivered
from idp.signing.notices import Notices, NotYet, kid_and_client
from store.outbox import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNoticeCarrier:
    """``idp.outbox.carrier.Carrier``."""

    clients: SqlClients
    notices: Notices
    courier: Courier

    async def __call__(self, message: Message, now: int) -> None:
        """A disabled client is told, too: it may still believe what it has."""
        kid, client_id = kid_and_client(message.message_id)
        listed = await self.clients.show(client_id)
        if listed is None:
            raise Undelivered("its client cannot be read")
        url = listed.client.key_notices_uri
        if url is None:
            return
        try:
            token = await self.notices.to(listed.client, kid, message.message_id, now)
        except NotYet as error:
            raise Undelivered("too early") from error
        await self.courier.push(url, token)
