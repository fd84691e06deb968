"""POST /introspect: what is a token worth? RFC 7662 section 2; RFC 9701 sections 4 and 5."""

from oidc.client_auth import authenticate
from oidc.client_auth.presented import present
from oidc.endpoints.message import NO_STORE, Answer, Handler, Request, json
from oidc.endpoints.worth import TYPE, about, signed
from oidc.errors import InvalidClient
from oidc.ports import Ports
from store.micros import Clock

MEDIA_TYPE = f"application/{TYPE}"


def handler(ports: Ports, clock: Clock) -> Handler:
    async def introspect(request: Request) -> Answer:
        now, params = clock(), request.form().sound()
        caller = await authenticate(present(params, request), ports, now)
        if caller.token_endpoint_auth_method == "none":
            raise InvalidClient("who proves nothing is told nothing")
        said = await about(params.need("token"), caller, ports, now)
        if not wants_it_signed(request):
            return json(said)
        token = await signed(said, caller, ports, now)
        return Answer(200, token.encode(), ((b"content-type", MEDIA_TYPE.encode()), NO_STORE))

    return introspect


def wants_it_signed(request: Request) -> bool:
    """RFC 9110 section 12.5.1: the list may come in several lines."""
    for name, value in request.headers:
        if name == b"accept":
            ranges = value.decode("latin-1").split(",")
            if MEDIA_TYPE in [it.partition(";")[0].strip().lower() for it in ranges]:
                return True
    return False
