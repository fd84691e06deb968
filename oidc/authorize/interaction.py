"""An authorization request that waits while the person is shown pages. One for each request.

OpenID Connect Core section 3.1.2.3; RFC 9700 sections 2.1 and 4.7.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from keys.secrets import ticket_digest
from oidc.authorize.choice import Choice
from oidc.authorize.request import AuthorizeRequest
from oidc.waiting import TTL, Waiting
from store.one_time import OneTime

_CHOICE = TypeAdapter(Choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Not ``bound``: it was posted, and belongs to no browser yet.

    ``choice``: who was chosen, or signed in, for it.
    """

    interaction_id: str
    request: AuthorizeRequest
    bound: bool
    choice: Choice | None = None


class Interactions:
    """Those waiting."""

    def __init__(self, one_time: OneTime) -> None:
        self._waiting = Waiting("interaction", one_time)
        self._one_time = one_time

    async def begin(self, request: AuthorizeRequest, flow: str | None, now: int) -> str:
        """Its id. Without ``flow``, the first browser to bring the id goes on with it."""
        return await self._waiting.begin(request.dump(), flow, now)

    async def load(self, interaction_id: str, flow: str | None) -> Interaction | None:
        """Nothing for a browser that did not begin it."""
        held = await self._waiting.load(interaction_id, flow)
        if held is None:
            return None
        request = AuthorizeRequest.load(held.content)
        chosen = await self._one_time.peek(_choice(interaction_id)) if held.bound else None
        return Interaction(
            interaction_id=interaction_id,
            request=request,
            bound=held.bound,
            choice=_CHOICE.validate_json(chosen) if chosen else None,
        )

    async def choose(self, interaction: Interaction, choice: Choice) -> None:
        """Who goes on with it; the last word counts. It is for who holds it, in its browser."""
        key = _choice(interaction.interaction_id)
        await self._one_time.put(key, _CHOICE.dump_json(choice), ttl=TTL)

    async def finish(self, interaction: Interaction) -> bool:
        """True for exactly one caller: an interaction ends once."""
        return await self._waiting.finish(interaction.interaction_id)


def _choice(interaction_id: str) -> str:
    return f"choice:{ticket_digest(interaction_id)}"


def resume_address(interaction_id: str) -> str:
    """Where every page sends the person when it is done."""
    return f"/authorize/resume?i={interaction_id}"
