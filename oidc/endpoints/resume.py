"""GET /authorize/resume: a waiting request goes on. OpenID Connect Core section 3.1.2.3.

Only in the browser it began in (RFC 9700 section 4.7); it ends once.
"""

from oidc.authorize.decision import Proceed
from oidc.authorize.interaction import Interactions
from oidc.authorize.respond import client_of, proven
from oidc.endpoints.cookies import FLOW
from oidc.endpoints.message import Answer, Handler, Request, see_other
from oidc.endpoints.refusal import RefusingAt
from oidc.endpoints.turn import Turn, page
from oidc.errors import InteractionExpired
from oidc.ports import Ports
from store.micros import Clock


def handler(ports: Ports, clock: Clock) -> Handler:
    waiting = Interactions(ports.one_time)

    async def resume(request: Request) -> Answer:
        now, interaction_id = clock(), request.params().sound().need("i")
        interaction = await waiting.load(interaction_id, request.cookie(FLOW))
        if interaction is None:
            raise InteractionExpired("no such interaction, or not in this browser")
        asked = interaction.request
        client = await client_of(asked, ports, now)
        redirect = proven(asked, client, ports)
        turn = Turn(asked, client, request, ports, now, interaction.choice)
        with RefusingAt(redirect):
            decision = await turn.decision()
        if interaction.bound and not isinstance(decision, Proceed):
            return see_other(page(decision, interaction_id))
        if not await waiting.finish(interaction):
            raise InteractionExpired("the interaction has ended")
        with RefusingAt(redirect):
            return await turn.answer(decision)

    return resume
