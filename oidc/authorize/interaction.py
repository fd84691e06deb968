"""An authorization request that waits while the person is shown pages. One for each request.

OpenID Connect Core section 3.1.2.3; RFC 9700 sections 2.1 and 4.7: it belongs to the browser it
began in, whose cookie holds a secret; its name alone helps nobody.
"""

from dataclasses import dataclass

from keys.secrets import digest, new_ticket, same, ticket_digest
from oidc.authorize.request import AuthorizeRequest
from store.micros import MINUTE
from store.one_time import OneTime

TTL = 30 * MINUTE
_FLOW = 64  # a SHA-256 in hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """``flow_digest`` is empty for one that was posted and belongs to no browser yet."""

    interaction_id: str
    request: AuthorizeRequest
    flow_digest: str


class Interactions:
    """Those waiting, in the one-time store."""

    def __init__(self, one_time: OneTime) -> None:
        self._one_time = one_time

    async def begin(self, request: AuthorizeRequest, flow: str | None, now: int) -> str:
        """Its id. Without ``flow``, the first browser to bring the id goes on with it."""
        interaction_id = new_ticket(now)
        flow_digest = "" if flow is None else digest(flow)
        value = flow_digest.ljust(_FLOW).encode() + request.dump()
        await self._one_time.put(key(interaction_id), value, ttl=TTL)
        return interaction_id

    async def load(self, interaction_id: str, flow: str | None) -> Interaction | None:
        """Nothing for a browser that did not begin it."""
        found = await self._one_time.peek(key(interaction_id))
        if found is None:
            return None
        flow_digest = found[:_FLOW].decode().strip()
        if flow_digest and not same(flow_digest, digest(flow or "")):
            return None
        request = AuthorizeRequest.load(found[_FLOW:])
        return Interaction(interaction_id=interaction_id, request=request, flow_digest=flow_digest)

    async def finish(self, interaction: Interaction) -> bool:
        """True for exactly one caller: an interaction ends once."""
        taken = await self._one_time.take(key(interaction.interaction_id))
        return taken is not None and taken.first


def key(interaction_id: str) -> str:
    return f"interaction:{ticket_digest(interaction_id)}"


def resume_address(interaction_id: str) -> str:
    """Where every page sends the person when it is done."""
    return f"/authorize/resume?i={interaction_id}"
