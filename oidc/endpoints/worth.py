"""What a token is worth at this moment, for who may know. RFC 7662 section 2.2; RFC 9701 section 5.

Who guards a resource is told of access tokens that are for it, and a client of its own refresh
tokens. Of all others, whatever they are, the answer is the same: not active.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from clients.model import Client
from oidc.access import InvalidToken
from oidc.access.issued import AccessToken, read
from oidc.errors import InvalidGrant
from oidc.grant_types.refresh_token import check
from oidc.ports import Ports
from oidc.protected import protection
from oidc.refresh_tokens import RefreshToken
from oidc.scopes import spoken
from store.micros import seconds

Said = Mapping[str, Any]

INACTIVE: Said = {"active": False}
TOLD = ("iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti")
told_of = itemgetter(*TOLD)
TYPE = "token-introspection+jwt"


async def about(text: str, caller: Client, ports: Ports, now: int) -> Said:
    """``caller`` has proven itself."""
    refresh = ports.refresh_tokens.read(text)
    if refresh is not None:
        return await of_refresh(refresh, caller, ports, now)
    try:
        token = await read(text, ports, now)
    except InvalidToken:
        return INACTIVE
    if not is_for(token, caller) or seconds(now) >= token.ends_at:
        return INACTIVE
    if await ports.clients.find(token.client_id, now) is None:
        return INACTIVE
    if not await ports.grants.stands(token.grant_id, token.jti, now):
        return INACTIVE
    said: dict[str, Any] = {"active": True, "token_type": "Bearer"}
    said.update(zip(TOLD, told_of(token.said), strict=True))
    return said


def is_for(token: AccessToken, caller: Client) -> bool:
    return caller.protected_resource is not None and caller.protected_resource in token.audience


async def of_refresh(token: RefreshToken, caller: Client, ports: Ports, now: int) -> Said:
    """To look at one does not use it."""
    live = await ports.families.find(token.family_digest, now)
    if live is None:
        return INACTIVE
    try:
        check(token, live, caller, now)
    except InvalidGrant:
        return INACTIVE
    return {
        "active": True,
        "iss": ports.config.issuer,
        "sub": live.grant.subject,
        "client_id": live.grant.client_id,
        "scope": spoken(live.grant.scope),
        "exp": seconds(live.ends_at),
    }


async def signed(said: Said, caller: Client, ports: Ports, now: int) -> str:
    """RFC 9701 section 5: for this caller and nobody else; it is no access token.

    Encrypted, too, where the caller registered so.
    """
    protect = (await protection("introspection", caller, ports, now)).protect
    claims = {
        "iss": ports.config.issuer,
        "aud": caller.client_id,
        "iat": seconds(now),
        "token_introspection": said,
    }
    return await protect(claims, typ=TYPE)
