"""Signing out at the request of an agency. OpenID Connect RP-Initiated Logout 1.0 sections 2 to 4.

The way back is open only to a client that shows an ID token of ours, and only to an address it
has registered. All else ends on a page of ours.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from oidc.authorize.redirect import added
from oidc.waiting import Waiting
from store.one_time import OneTime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutRequest:
    """``client_id`` and ``sid`` are from a valid hint; ``back_to`` is registered, or missing.

    ``logout_hint`` is on nobody's word: it is heard where the person is asked.
    """

    client_id: str | None
    sid: str | None
    back_to: str | None
    state: str | None
    ui_locales: str | None
    logout_hint: str | None = None

    def after(self) -> str | None:
        """Where to send the browser in the end; section 3: nothing but the state is added."""
        if self.back_to is None:
            return None
        return added(self.back_to, {} if self.state is None else {"state": self.state})


_REQUEST = TypeAdapter(SignOutRequest)


class SignOuts:
    """Requests that wait for the person's answer."""

    def __init__(self, one_time: OneTime) -> None:
        self._waiting = Waiting("sign-out", one_time)

    async def begin(self, request: SignOutRequest, flow: str | None, now: int) -> str:
        """Its name. Without ``flow``, the first browser to bring the name goes on with it."""
        return await self._waiting.begin(_REQUEST.dump_json(request), flow, now)

    async def load(self, name: str, flow: str | None) -> SignOutRequest | None:
        """Nothing for a browser that did not begin it."""
        held = await self._waiting.load(name, flow)
        return None if held is None else _REQUEST.validate_json(held.content)

    async def finish(self, name: str) -> None:
        await self._waiting.finish(name)
