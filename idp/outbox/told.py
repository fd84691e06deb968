"""How far the services of a session are with signing out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.reached import Reached, message_id
from store.dead_letters import DeadLetters

States = Sequence[bool | None]
"""Of the messages to one client: whether each was tried in vain; None if it waits no more."""


@dataclass(frozen=True, slots=True)
class Told:
    reached: Reached
    messages: DeadLetters

    async def states(self, session_ids: Sequence[str]) -> Mapping[str, States]:
        """By client: each that was reached in one of these sessions."""
        found: dict[str, list[bool | None]] = {}
        for session_id in session_ids:
            for name in await self.reached.clients(session_id):
                in_vain = await self.messages.in_vain(message_id(session_id, name))
                found.setdefault(name, []).append(in_vain)
        return found
