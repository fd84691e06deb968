"""POST /revoke: a client gives a token back. RFC 7009 section 2.

A token that is unknown, or of no use any more, is answered like one that was revoked.
"""

from clients.model import Client
from oidc.access import AccessToken, InvalidToken, read
from oidc.client_auth import authenticate
from oidc.client_auth.presented import present
from oidc.endpoints.message import NO_STORE, Answer, Handler, Request
from oidc.errors import InvalidGrant
from oidc.ports import Ports
from oidc.scopes import OPENID
from store.micros import SECOND, Clock, seconds


def handler(ports: Ports, clock: Clock) -> Handler:
    async def revoke(request: Request) -> Answer:
        now, params = clock(), request.form().sound()
        client = await authenticate(present(params, request), ports, now)
        try:
            token = read(params.need("token"), await ports.keys.current(now))
        except InvalidToken:
            return Answer(200, b"", (NO_STORE,))
        await end(token, client, ports, now)
        return Answer(200, b"", (NO_STORE,))

    return revoke


async def end(token: AccessToken, client: Client, ports: Ports, now: int) -> None:
    """A person's token ends its grant; a client's own is marked, for its grant stands."""
    if token.client_id != client.client_id:
        raise InvalidGrant("the token is another client's")
    if seconds(now) >= token.ends_at:
        return
    if OPENID in token.scope:
        await ports.grants.end(token.grant_id, client.client_id, now)
    else:
        ends_at = token.ends_at * SECOND
        await ports.grants.revoke_token(token.jti, client.client_id, ends_at=ends_at, now=now)
