"""Pushed authorization requests: put away for the browser that will name them.

RFC 9126 sections 2.2, 2.3, 4 and 7.3. Each is of one client, lives a minute and a half, and is
used up when it is completed, not when it is first seen: a page may be loaded again.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from clients.model import Client
from keys.secrets import new_ticket, ticket_digest
from oidc.errors import BodyTooLong, InvalidRequestUri
from oidc.params import Params
from oidc.waiting import TTL
from store.micros import SECOND
from store.one_time import OneTime

PREFIX = "urn:ietf:params:oauth:request_uri:"
LIVES = 90 * SECOND
LONGEST = 16 * 1024  # octets: as much as a request object may have
MARKED = LIVES + 2 * TTL  # longer than anything that began with it can wait


@dataclass(frozen=True, slots=True)
class Pushed:
    """``mark``: what is claimed when it is completed; none of a request that was not pushed."""

    params: Params
    mark: str | None


class PushedRequests:
    """Those waiting, in the one-time store."""

    def __init__(self, one_time: OneTime) -> None:
        self._one_time = one_time

    async def keep(self, params: Params, client: Client, now: int) -> str:
        """Its ``request_uri``. Raises ``BodyTooLong``: strangers push in a public client's name."""
        ticket = new_ticket(now)
        kept = {"client": client.client_id, "until": now + LIVES, "params": params.values}
        content = orjson.dumps(kept)
        if len(content) > LONGEST:
            raise BodyTooLong("pushed request too long")
        await self._one_time.put(_key(ticket), content, ttl=LIVES)
        return PREFIX + ticket

    async def find(self, request_uri: str, client: Client, now: int) -> Pushed:
        """Raises ``InvalidRequestUri`` for one that is unknown, over, used or another client's."""
        ticket = request_uri.removeprefix(PREFIX)
        found, mark = await self._one_time.peek(_key(ticket)), _mark(ticket)
        if found is None:
            raise InvalidRequestUri("no such pushed request")
        kept: dict[str, Any] = orjson.loads(found)
        if kept["client"] != client.client_id:
            raise InvalidRequestUri("the pushed request is another client's")
        if now >= kept["until"]:
            raise InvalidRequestUri("the pushed request is over")
        if await self._one_time.peek(mark) is not None:
            raise InvalidRequestUri("the pushed request was completed before")
        return Pushed(Params(kept["params"]), mark)


async def complete(mark: str | None, one_time: OneTime) -> None:
    """For exactly one caller; for the others ``InvalidRequestUri``. None: it was not pushed."""
    if mark is not None and not await one_time.claim(mark, ttl=MARKED):
        raise InvalidRequestUri("the pushed request was completed before")


def _key(ticket: str) -> str:
    return f"pushed:{ticket_digest(ticket)}"


def _mark(ticket: str) -> str:
    return f"completed:{ticket_digest(ticket)}"
