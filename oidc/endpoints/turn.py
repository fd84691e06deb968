"""What a valid request leads to, this time. OpenID Connect Core sections 3.1.2.3 to 3.1.2.5."""

from dataclasses import dataclass

from clients.model import Client
from oidc.authorize.decision import Decision, Proceed, SignIn, decide
from oidc.authorize.interaction import Interactions
from oidc.authorize.request import AuthorizeRequest
from oidc.authorize.respond import with_code
from oidc.endpoints.cookies import BROWSER, flow_of
from oidc.endpoints.message import Answer, Request, see_other
from oidc.ports import Ports


@dataclass(frozen=True, slots=True)
class Turn:
    """One look at a request: who asks, in which browser, at what time."""

    asked: AuthorizeRequest
    client: Client
    request: Request
    ports: Ports
    now: int

    async def decision(self) -> Decision:
        browser = self.request.cookie(BROWSER)
        known = await self.ports.people.standing(browser, self.client, self.now)
        return decide(self.asked, known.session, known.record, self.now)

    async def answer(self, decision: Decision) -> Answer:
        """A code, or the page that is needed first."""
        if isinstance(decision, Proceed):
            return see_other(
                await with_code(self.asked, self.client, decision, self.ports, self.now)
            )
        flow, cookies = flow_of(self.request)
        waiting = Interactions(self.ports.one_time)
        interaction_id = await waiting.begin(self.asked, flow, self.now)
        return see_other(page(decision, interaction_id), *cookies)


def page(decision: Decision, interaction_id: str) -> str:
    name = "sign-in" if isinstance(decision, SignIn) else "decide"
    return f"/{name}?i={interaction_id}"
