"""POST /par: a client says what it will ask before the browser comes. RFC 9126 sections 2 and 3.

Judged whole at once, so that what is wrong is told to the client, and never to a person.
"""

from http import HTTPStatus

from clients.model import Client
from oidc.authorize import channel
from oidc.authorize.merge import KNOWN
from oidc.authorize.pushed import LIVES, PushedRequests
from oidc.client_auth import authenticate
from oidc.client_auth.presented import present
from oidc.endpoints.authorize import valid
from oidc.endpoints.message import Answer, Handler, Request, json
from oidc.endpoints.whole import signed
from oidc.errors import InvalidRequest
from oidc.params import Params
from oidc.ports import Ports
from store.micros import Clock, seconds


def handler(ports: Ports, clock: Clock) -> Handler:
    pushed = PushedRequests(ports.one_time)

    async def push(request: Request) -> Answer:
        now, params = clock(), request.form().sound()
        client = await authenticate(present(params, request), ports, now)
        asked = await what_counts(params, client, ports, now)
        channel.proven(asked, client, ports.config.issuer)
        await valid(asked, client, ports, now)
        request_uri = await pushed.keep(asked, client, now)
        said = {"request_uri": request_uri, "expires_in": seconds(LIVES)}
        return json(said, HTTPStatus.CREATED)

    return push


async def what_counts(params: Params, client: Client, ports: Ports, now: int) -> Params:
    """What nobody knows is ignored, and so are credentials.

    Of a form with a request object that alone counts: RFC 9126 section 3.
    """
    if params.get("request_uri") is not None:
        raise InvalidRequest("request_uri was pushed", public="A request_uri cannot be pushed.")
    mine = {"client_id": client.client_id}
    if params.get("request") or client.require_signed_request_object:
        alone = {name: params.values[name] for name in ("request",) if name in params.values}
        return await signed(Params({**mine, **alone}), client, ports, now)
    said = {name: value for name, value in params.values.items() if name in KNOWN}
    return Params({**said, **mine})
