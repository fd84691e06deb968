"""Signing out at the request of an agency. OpenID Connect RP-Initiated Logout 1.0 sections 2 to 4.

The way back is open only to a client that shows an ID token of ours, and only to an address it
has registered. All else ends on a page of ours.
"""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from keys.secrets import digest, new_ticket, same, ticket_digest
from oidc.authorize.redirect import added
from store.micros import MINUTE
from store.one_time import OneTime

TTL = 30 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutRequest:
    """``client_id`` and ``sid`` are from a valid hint; ``back_to`` is registered, or missing."""

    client_id: str | None
    sid: str | None
    back_to: str | None
    state: str | None
    ui_locales: str | None
    flow_digest: str = ""

    def after(self) -> str | None:
        """Where to send the browser in the end; section 3: nothing but the state is added."""
        if self.back_to is None:
            return None
        return added(self.back_to, {} if self.state is None else {"state": self.state})


_REQUEST = TypeAdapter(SignOutRequest)


class SignOuts:
    """Requests that wait for the person's answer, each in the browser it began in."""

    def __init__(self, one_time: OneTime) -> None:
        self._one_time = one_time

    async def begin(self, request: SignOutRequest, flow: str | None, now: int) -> str:
        """Its id. Without ``flow``, the first browser to bring the id goes on with it."""
        name = new_ticket(now)
        kept = replace(request, flow_digest="" if flow is None else digest(flow))
        await self._one_time.put(key(name), _REQUEST.dump_json(kept), ttl=TTL)
        return name

    async def load(self, name: str, flow: str | None) -> SignOutRequest | None:
        """Nothing for a browser that did not begin it."""
        found = await self._one_time.peek(key(name))
        request = None if found is None else _REQUEST.validate_json(found)
        if request and request.flow_digest and not same(request.flow_digest, digest(flow or "")):
            return None
        return request

    async def finish(self, name: str) -> None:
        await self._one_time.take(key(name))


def key(name: str) -> str:
    return f"sign-out:{ticket_digest(name)}"
