"""GET and POST /userinfo. OpenID Connect Core section 5.3; RFC 6750.

What leaves is decided now, by the grant and the record as they are now, never by the token.
"""

from dataclasses import replace

from consent.policy import LiveGrant, claims_of_scopes
from consent.release import GrantGone
from oidc.access import InsufficientScope, InvalidToken
from oidc.access.issued import AccessToken, check, read
from oidc.access.presented import presented
from oidc.endpoints.message import Answer, Handler, Request, json
from oidc.endpoints.told import told, wished
from oidc.errors import OAuthError
from oidc.ports import Ports
from oidc.scopes import OPENID
from store.micros import Clock


def handler(ports: Ports, clock: Clock) -> Handler:
    async def userinfo(request: Request) -> Answer:
        now = clock()
        live = await grant_behind(presented(request), ports, now)
        try:
            how = await wished(live, ports, now)
            claims = await ports.releases.deliver(live, now)
        except GrantGone as error:
            raise InvalidToken("its grant ended just now") from error
        said = {**claims, "sub": live.subject}
        return json(said) if how is None else await told(said, how)

    return userinfo


async def grant_behind(text: str, ports: Ports, now: int) -> LiveGrant:
    token = await read(text, ports, now)
    check(token, ports.config.issuer, now)
    if OPENID not in token.scope:
        raise await of_a_client(token, ports, now)
    live = await ports.grants.live(token.grant_id, now)
    if live is None:
        raise InvalidToken("its grant has ended")
    return live if token.scope == live.scope else within(live, token.scope)


def within(live: LiveGrant, scope: frozenset[str]) -> LiveGrant:
    """RFC 6749 section 6: a refresh may have been for less than what was granted."""
    return replace(live, claims=live.claims - claims_of_scopes(live.scope - scope))


async def of_a_client(token: AccessToken, ports: Ports, now: int) -> OAuthError:
    if await ports.grants.is_revoked(token.jti, now):
        return InvalidToken("revoked")
    return InsufficientScope("the scope has no openid")
