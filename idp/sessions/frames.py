"""The frames in which a browser tells services that a session has ended.

OpenID Connect Front-Channel Logout 1.0 sections 2 and 3: the registered address with its own
query, ``iss`` and ``sid``, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from clients.sql import SqlClients
from consent.reached import Reached
from idp.sessions.sid import sid
from oidc.authorize.redirect import added


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """``oidc.ports.FrontChannel``. ``sid_key``: the vault's, for ``sid``."""

    issuer: str
    reached: Reached
    clients: SqlClients
    sid_key: bytes

    async def frames(self, session_ids: Sequence[str]) -> Sequence[str]:
        """Also of a client that is disabled: people may still be signed in there."""
        found = [
            await self._frame(session_id, client_id)
            for session_id in session_ids
            for client_id in await self.reached.clients(session_id)
        ]
        return [frame for frame in found if frame]

    async def _frame(self, session_id: str, client_id: str) -> str | None:
        listed = await self.clients.show(client_id)
        uri = listed.client.frontchannel_logout_uri if listed else None
        if listed is None or uri is None:
            return None
        named = sid(self.sid_key, session_id, listed.client.agency_id)
        return added(uri, {"iss": self.issuer, "sid": named})
