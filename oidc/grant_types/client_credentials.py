"""The client credentials grant type: a client acts for itself. RFC 6749 section 4.4.

One standing grant for each client (RFC 9068 section 2.2 for the token); only for clients that
can prove themselves.
"""

from clients.model import Client
from consent.model import standing_grant
from keys.secrets import new_id
from oidc import scopes
from oidc.artefacts import TokenResponse
from oidc.errors import UnauthorizedClient
from oidc.grant_types.grant_type import GrantType
from oidc.meanwhile import meanwhile
from oidc.params import Params
from oidc.ports import Ports
from oidc.tokens import Minter


async def exchange(params: Params, client: Client, ports: Ports, now: int) -> TokenResponse:
    if client.token_endpoint_auth_method == "none":
        raise UnauthorizedClient("a public client has no credentials")
    scope = scopes.of_client(params.get("scope"), client)
    grant, jti = standing_grant(client.client_id), new_id(now)
    minter = Minter(await ports.keys.current(now), ports.config, client, now)
    _, answer = await meanwhile(
        lambda then: ports.grants.stand(grant, jti=jti, now=now, then=then),
        lambda: minter.for_client(scope, grant.grant_id, jti),
        waits=minter.waits,
    )
    return answer


GRANT_TYPE = GrantType("client_credentials", exchange)
