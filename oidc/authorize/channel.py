"""How the answer must come, by the kind of answer that is asked for.

OAuth 2.0 Multiple Response Type Encoding Practices sections 2.1, 3 and 5: what would hold a
token is answered in the fragment, its refusal too. Only ``code`` is spoken here.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from clients.model import Client
from oidc.authorize.redirect import Redirect, prove
from oidc.authorize.request import LONGEST
from oidc.errors import (
    InvalidRequest,
    OAuthError,
    RegistrationNotSupported,
    RequestNotSupported,
    RequestUriNotSupported,
    UnauthorizedClient,
    UnsupportedResponseType,
)
from oidc.params import Params

RESPONSE_TYPES = ("code",)
RESPONSE_MODES = ("query",)
# OpenID Connect Core sections 6.1, 6.2 and 7.2.1: never ignored in silence.
UNSUPPORTED: Mapping[str, type[OAuthError]] = MappingProxyType(
    {
        "request": RequestNotSupported,
        "request_uri": RequestUriNotSupported,
        "registration": RegistrationNotSupported,
    }
)


def proven(params: Params, client: Client, issuer: str) -> Redirect:
    """Where and how to answer. A state that cannot be given back whole is left out."""
    state = params.values.get("state")
    if "state" in params.faulty or (state and len(state.encode()) > LONGEST):
        state = None
    redirect = prove(params.need("redirect_uri"), state, client, issuer)
    asked = params.values.get("response_type", "").split(" ")
    return replace(redirect, mark="#") if {"token", "id_token"} & set(asked) else redirect


def check(params: Params, client: Client) -> None:
    for name, refusal in UNSUPPORTED.items():
        if params.get(name) is not None:
            raise refusal(f"{name} was sent")
    if params.need("response_type") not in RESPONSE_TYPES:
        raise UnsupportedResponseType("response_type is not code")
    if "authorization_code" not in client.grant_types:
        raise UnauthorizedClient(f"{client.client_id} may not use authorization_code")
    if params.get("response_mode") not in (None, *RESPONSE_MODES):
        raise InvalidRequest(
            "response_mode is not query", public="Only the response mode query is supported."
        )
