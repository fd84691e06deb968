"""POST /register, and GET, PUT and DELETE /register/client: clients that register themselves.

RFC 7591 section 3; RFC 7592 section 2; OpenID Connect Registration sections 3 and 4. There is
nothing here unless the settings allow it.
"""

from http import HTTPStatus

from oidc.endpoints.message import NO_STORE, Answer, Handler, Request, json
from oidc.ports import Ports
from oidc.registration.errors import refusing
from oidc.registration.messages import (
    check_on,
    information,
    invitation,
    managed,
    management_token,
    metadata,
    update,
)
from store.micros import Clock


def handler(ports: Ports, clock: Clock) -> Handler:
    async def register(request: Request) -> Answer:
        check_on(ports.config)
        now, invited, said = clock(), invitation(request), metadata(request)
        with refusing():
            made = await ports.registrar.register(said, invited, now)
        return json(information(made, ports.config.issuer), HTTPStatus.CREATED)

    return register


def management(ports: Ports, clock: Clock) -> Handler:
    async def manage(request: Request) -> Answer:
        check_on(ports.config)
        now, token, client_id = clock(), management_token(request), managed(request)
        with refusing():
            if request.method == "DELETE":
                await ports.registrar.delete(client_id, token, now)
                return Answer(HTTPStatus.NO_CONTENT, b"", (NO_STORE,))
            made = await ports.registrar.read(client_id, token)
            if request.method == "PUT":
                said = update(request, client_id)
                made = await ports.registrar.change(client_id, token, said, now)
        return json(information(made, ports.config.issuer))

    return manage
