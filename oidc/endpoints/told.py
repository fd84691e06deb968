"""Claims on their way to a client, as it wishes them. OpenID Connect Core section 5.3.2."""

from collections.abc import Mapping
from typing import Any

from consent.policy import LiveGrant
from consent.release import GrantGone
from oidc.endpoints.message import Answer, jwt
from oidc.ports import Ports
from oidc.protected import Protection, is_protected, protection
from store.value import as_value


@as_value()
class Wished:
    """``names`` say from whom and for whom it is: what is signed must have them."""

    how: Protection
    names: Mapping[str, str]


async def wished(live: LiveGrant, ports: Ports, now: int) -> Wished | None:
    """Before anything is released; nothing where plain JSON will do.

    Raises ``GrantGone``, and ``NoKeyOfTheClient``.
    """
    client = await ports.clients.find(live.client_id, now)
    if client is None:
        raise GrantGone("its client is disabled")
    if not is_protected("userinfo", client):
        return None
    how = await protection("userinfo", client, ports, now)
    return Wished(how, {"iss": ports.config.issuer, "aud": client.client_id})


async def told(claims: Mapping[str, Any], wish: Wished) -> Answer:
    """As a JWT without a type: so nobody here takes it for an ID token."""
    return jwt(await wish.how.protect({**claims, **wish.names}, typ=None))
