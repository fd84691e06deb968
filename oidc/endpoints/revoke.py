"""POST /revoke: a client gives a token back. RFC 7009 section 2.

A token that is unknown, or of no use any more, is answered like one that was revoked. What kind it
is says the token itself: ``token_type_hint`` is not needed.
"""

from clients.model import Client
from oidc.access import InvalidToken
from oidc.access.issued import AccessToken, read
from oidc.client_auth import authenticate
from oidc.client_auth.presented import present
from oidc.endpoints.message import NO_STORE, Answer, Handler, Request
from oidc.errors import InvalidGrant
from oidc.ports import Ports
from oidc.tokens import is_of_client
from store.micros import SECOND, Clock, seconds


def handler(ports: Ports, clock: Clock) -> Handler:
    async def revoke(request: Request) -> Answer:
        now, params = clock(), request.form().sound()
        client = await authenticate(present(params, request), ports, now)
        await end(params.need("token"), client, ports, now)
        return Answer(200, b"", (NO_STORE,))

    return revoke


async def end(text: str, client: Client, ports: Ports, now: int) -> None:
    """A refresh token ends its grant, however old it is."""
    refresh = ports.refresh_tokens.read(text)
    if refresh is not None:
        live = await ports.families.find(refresh.family_digest, now)
        if live is not None:
            own(live.grant.client_id, client)
            await ports.grants.end(live.grant.grant_id, client.client_id, now)
        return
    try:
        token = await read(text, ports, now)
    except InvalidToken:
        return
    own(token.client_id, client)
    if seconds(now) < token.ends_at:
        await end_access(token, ports, now)


async def end_access(token: AccessToken, ports: Ports, now: int) -> None:
    """A person's token ends its grant; a client's own is marked, for its grant stands."""
    if is_of_client(token.subject):
        ends_at = token.ends_at * SECOND
        await ports.grants.revoke_token(token.jti, token.client_id, ends_at=ends_at, now=now)
    else:
        await ports.grants.end(token.grant_id, token.client_id, now)


def own(client_id: str, client: Client) -> None:
    if client_id != client.client_id:
        raise InvalidGrant("the token is another client's")
