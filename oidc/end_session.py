"""Reading an end-session request. OpenID Connect RP-Initiated Logout 1.0 sections 2 and 4."""

from typing import Any

from clients.model import Client
from keys.ring import KeyRing
from oidc.authorize.hint import read
from oidc.authorize.request import short, wish
from oidc.errors import InvalidRequest
from oidc.logout import SignOutRequest
from oidc.params import Params
from oidc.ports import Ports
from oidc.standing import ANYBODY


def hinted(params: Params, ring: KeyRing) -> dict[str, Any]:
    """The claims of the ID token that is shown; none if it is not ours, like one not shown."""
    hint = params.get("id_token_hint")
    try:
        return {} if hint is None else read(hint, ring)
    except InvalidRequest:
        return {}


def parse(params: Params, claims: dict[str, Any], client: Client | None) -> SignOutRequest:
    """``client`` is the one that the hint was made for."""
    if client is not None and params.get("client_id") not in (None, client.client_id):
        raise InvalidRequest("client_id is not the one of id_token_hint")
    return SignOutRequest(
        client_id=client.client_id if client else None,
        sid=claims.get("sid") if client else None,
        back_to=registered(params.get("post_logout_redirect_uri"), client),
        state=short(params, "state"),
        ui_locales=wish(params, "ui_locales"),
        logout_hint=wish(params, "logout_hint"),
    )


def registered(uri: str | None, client: Client | None) -> str | None:
    """Nobody is sent back on the word of a client that has not shown a hint."""
    if uri is None or client is None:
        return None
    if uri not in client.post_logout_redirect_uris:
        raise InvalidRequest(
            "post_logout_redirect_uri is not registered",
            public="The address to return to is not registered for this service.",
        )
    return uri


async def must_ask(asked: SignOutRequest, browser: str, ports: Ports, now: int) -> bool:
    """Section 2: unless the hint was made in the session that is to end."""
    client = await ports.clients.find(asked.client_id, now) if asked.client_id else None
    if client is None:
        return True
    standing = await ports.people.standing(browser, client, ANYBODY, now)
    session = standing.session
    return standing.several or (session is not None and session.sid != asked.sid)
