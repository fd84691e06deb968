"""An authorization request that waits while the person is shown pages. One for each request.

OpenID Connect Core section 3.1.2.3; RFC 9700 sections 2.1 and 4.7.
"""

from dataclasses import dataclass

from oidc.authorize.request import AuthorizeRequest
from oidc.waiting import Waiting
from store.one_time import OneTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Not ``bound``: it was posted, and belongs to no browser yet."""

    interaction_id: str
    request: AuthorizeRequest
    bound: bool


class Interactions:
    """Those waiting."""

    def __init__(self, one_time: OneTime) -> None:
        self._waiting = Waiting("interaction", one_time)

    async def begin(self, request: AuthorizeRequest, flow: str | None, now: int) -> str:
        """Its id. Without ``flow``, the first browser to bring the id goes on with it."""
        return await self._waiting.begin(request.dump(), flow, now)

    async def load(self, interaction_id: str, flow: str | None) -> Interaction | None:
        """Nothing for a browser that did not begin it."""
        held = await self._waiting.load(interaction_id, flow)
        if held is None:
            return None
        request = AuthorizeRequest.load(held.content)
        return Interaction(interaction_id=interaction_id, request=request, bound=held.bound)

    async def finish(self, interaction: Interaction) -> bool:
        """True for exactly one caller: an interaction ends once."""
        return await self._waiting.finish(interaction.interaction_id)


def resume_address(interaction_id: str) -> str:
    """Where every page sends the person when it is done."""
    return f"/authorize/resume?i={interaction_id}"
