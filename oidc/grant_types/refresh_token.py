"""The refresh token grant type: read, check, commit and sign.

RFC 6749 section 6; RFC 9700 section 4.14.2; OpenID Connect Core section 12. A public client's token
is replaced at each use; the answer to the one before can be had again for a moment, and whatever
else comes back a second time ends the family. A client that proves itself keeps its token.
"""

from dataclasses import dataclass

from clients.model import Client
from consent.model import OFFLINE, LiveFamily
from keys.secrets import new_id
from oidc import scopes
from oidc.artefacts import Authenticated, TokenResponse
from oidc.errors import InvalidGrant
from oidc.grant_types.grant_type import GrantType
from oidc.meanwhile import meanwhile
from oidc.params import Params
from oidc.ports import Ports
from oidc.refresh_tokens import RefreshToken
from oidc.tokens import minter_for
from store.micros import SECOND

GRACE = 10 * SECOND  # for who never got the answer, and for two windows that ask at once


class Reused(InvalidGrant):
    """It came from two sides: nobody can tell which of them is the client."""


@dataclass(frozen=True, slots=True)
class Use:
    """What is used, which token is the newest after it, and what the access token is for."""

    live: LiveFamily
    newest: RefreshToken
    scope: frozenset[str]


def check(token: RefreshToken, live: LiveFamily, client: Client, now: int) -> RefreshToken:
    """The token to answer with; refuse unless this client may have anything for this one."""
    family, turned_at = live.family, live.family.turned_at
    if live.grant.client_id != client.client_id:
        raise InvalidGrant("refresh token belongs to another client")
    if OFFLINE not in live.allowed:
        raise InvalidGrant("nobody allows it any more")
    if token.generation > family.generation:
        raise InvalidGrant("refresh token is of a later time than what is known of it")
    if token.generation == family.generation:
        return token.successor() if client.token_endpoint_auth_method == "none" else token
    before = token.generation == family.generation - 1
    if before and turned_at is not None and now < turned_at + GRACE:
        return token.successor()
    raise Reused("refresh token used twice; its grant has ended")


async def exchange(params: Params, client: Client, ports: Ports, now: int) -> TokenResponse:
    token = ports.refresh_tokens.read(params.need("refresh_token"))
    if token is None:
        raise InvalidGrant("unknown refresh token")
    while (live := await ports.families.find(token.family_digest, now)) is not None:
        try:
            newest = check(token, live, client, now)
        except Reused:
            await ports.grants.end_reused(live.grant.grant_id, now)
            raise
        scope = scopes.narrower(params.get("scope"), live.grant.scope)
        answer = await used(Use(live, newest, scope), client, ports, now)
        if answer is not None:
            return answer
    raise InvalidGrant("its family is unknown, or has ended")


async def used(use: Use, client: Client, ports: Ports, now: int) -> TokenResponse | None:
    """Nothing, if another was first: then it has to be looked at again."""
    live, jti = use.live, new_id(now)
    minter = await minter_for(client, ports, now)
    text = ports.refresh_tokens.write(use.newest)
    newest = use.newest.generation
    done, answer = await meanwhile(
        lambda then: ports.families.use(live, newest, jti=jti, now=now, then=then),
        lambda: minter.for_person(signed_in(live, use.scope), live.grant.grant_id, jti, text),
        waits=minter.waits,
    )
    return answer if done else None


def signed_in(live: LiveFamily, scope: frozenset[str]) -> Authenticated:
    """As at the first exchange. OpenID Connect Core section 12.2: without ``nonce``."""
    family, grant = live.family, live.grant
    return Authenticated(
        client_id=grant.client_id,
        subject=grant.subject,
        scope=scope,
        nonce=None,
        auth_time=family.auth_time,
        acr=family.acr,
        amr=family.amr,
        sid=family.sid,
    )


GRANT_TYPE = GrantType("refresh_token", exchange)
