"""What a valid request leads to, this time. OpenID Connect Core sections 3.1.2.3 to 3.1.2.5."""

from clients.model import Client
from oidc.authorize.choice import Choice, whom
from oidc.authorize.decision import Choose, Decision, Proceed, SignIn, decide
from oidc.authorize.interaction import Interactions
from oidc.authorize.request import AuthorizeRequest
from oidc.authorize.respond import with_code
from oidc.endpoints.cookies import BROWSER, flow_of
from oidc.endpoints.message import Answer, Request, see_other
from oidc.endpoints.reply import send
from oidc.ports import Ports
from store.value import as_value


@as_value()
class Turn:
    """One look at a request: who asks, in which browser, at what time; who was chosen for it."""

    asked: AuthorizeRequest
    client: Client
    request: Request
    ports: Ports
    now: int
    choice: Choice | None = None

    async def decision(self) -> Decision:
        browser = self.request.cookie(BROWSER)
        meant = whom(self.asked, self.choice)
        known = await self.ports.people.standing(browser, self.client, meant, self.now)
        return decide(self.asked, known, self.now)

    async def answer(self, decision: Decision) -> Answer:
        """A code, or the page that is needed first."""
        if isinstance(decision, Proceed):
            reply = await with_code(self.asked, self.client, decision, self.ports, self.now)
            return send(reply, self.request, self.ports.pages)
        flow, cookies = flow_of(self.request)
        waiting = Interactions(self.ports.one_time)
        interaction_id = await waiting.begin(self.asked, flow, self.now)
        return see_other(page(decision, interaction_id), *cookies)


def page(decision: Decision, interaction_id: str) -> str:
    match decision:
        case Choose():
            name = "sign-in/choose"
        case SignIn():
            name = "sign-in"
        case _:
            name = "decide"
    return f"/{name}?i={interaction_id}"
