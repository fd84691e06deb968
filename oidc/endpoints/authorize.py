"""GET and POST /authorize. RFC 6749 section 4.1.1; OpenID Connect Core section 3.1.2.

Until the address to return to is proven, an error is a page; after it, an answer to the client.
A posted request waits for the GET it is turned into: only that brings the browser's cookies.
"""

from dataclasses import replace

from clients.model import Client
from oidc.authorize import channel
from oidc.authorize.interaction import Interactions, resume_address
from oidc.authorize.request import Asker, AuthorizeRequest, parse
from oidc.endpoints.message import Answer, Handler, Request, see_other
from oidc.endpoints.refusal import RefusingAt
from oidc.endpoints.turn import Turn
from oidc.endpoints.whole import is_plain, whole
from oidc.errors import UnknownClient
from oidc.params import Params
from oidc.ports import Ports
from store.micros import Clock


def handler(ports: Ports, clock: Clock) -> Handler:
    async def authorize(request: Request) -> Answer:
        now, posted = clock(), request.method == "POST"
        params = request.form() if posted else request.params()
        client = await ports.clients.find(params.need("client_id"), now)
        if client is None:
            raise UnknownClient("unknown client")
        mark = None
        if not is_plain(params, client):
            pushed = await whole(params, client, ports, now)
            params, mark = pushed.params, pushed.mark
        with RefusingAt(channel.proven(params, client, ports.config.issuer)):
            asked = await valid(params, client, ports, now)
            if mark is not None:
                asked = replace(asked, mark=mark)
            if posted:
                waiting = await Interactions(ports.one_time).begin(asked, None, now)
                return see_other(resume_address(waiting))
            turn = Turn(asked, client, request, ports, now)
            return await turn.answer(await turn.decision())

    return authorize


async def valid(params: Params, client: Client, ports: Ports, now: int) -> AuthorizeRequest:
    channel.check(params.sound(), client)
    purpose = await ports.purposes.find(client.purpose_id, now) if client.purpose_id else None
    ring = await ports.keys.current(now)
    asker = Asker(client=client, purpose=purpose, ring=ring, config=ports.config)
    return parse(params, asker, now)
