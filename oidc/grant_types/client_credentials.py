"""The client credentials grant type: a client acts for itself. RFC 6749 section 4.4.

One standing grant for each client (RFC 9068 section 2.2 for the token); only for clients that
can prove themselves.
"""

from clients.model import Client
from keys.secrets import new_id
from oidc import scopes
from oidc.artefacts import TokenResponse
from oidc.errors import UnauthorizedClient
from oidc.grant_types.grant_type import GrantType
from oidc.params import Params
from oidc.ports import Ports
from oidc.tokens import Minter


async def exchange(params: Params, client: Client, ports: Ports, now: int) -> TokenResponse:
    if client.token_endpoint_auth_method == "none":
        raise UnauthorizedClient("a public client has no credentials")
    scope = scopes.of_client(params.get("scope"), client)
    jti = new_id(now)
    grant_id = await ports.grants.standing(client, jti=jti, now=now)
    ring = await ports.keys.current(now)
    return Minter(ring, ports.config, client, now).for_client(scope, grant_id, jti)


GRANT_TYPE = GrantType("client_credentials", exchange)
