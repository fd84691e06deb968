"""How the answer must come, by the kind of answer that is asked for.

OAuth 2.0 Multiple Response Type Encoding Practices sections 2.1, 3 and 5: what would hold a
token is answered in the fragment, its refusal too. Only ``code`` is spoken here. OAuth 2.0 Form
Post Response Mode section 2: who wants it posted gets refusals posted too.
"""

from clients.model import Client
from oidc.authorize.redirect import FRAGMENT, POSTED, QUERY, Redirect, prove
from oidc.authorize.request import LONGEST
from oidc.errors import (
    InvalidRequest,
    RegistrationNotSupported,
    UnauthorizedClient,
    UnsupportedResponseType,
)
from oidc.params import Params

RESPONSE_TYPES = ("code",)
FORM_POST = "form_post"
RESPONSE_MODES = ("query", FORM_POST)


def proven(params: Params, client: Client, issuer: str) -> Redirect:
    """Where and how to answer. A state that cannot be given back whole is left out."""
    uri, state = params.need("redirect_uri"), params.values.get("state")
    if "state" in params.faulty or (state and len(state.encode()) > LONGEST):
        state = None
    return prove(uri, state, client, issuer, mark(uri, params))


def mark(uri: str, params: Params) -> str:
    if params.values.get("response_mode") == FORM_POST and takes_forms(uri):
        return POSTED
    asked = params.values.get("response_type", "").split(" ")
    return FRAGMENT if "token" in asked or "id_token" in asked else QUERY


def takes_forms(uri: str) -> bool:
    """The address of an application (RFC 8252 section 7.1) does not."""
    return uri.startswith(("https:", "http:"))


def check(params: Params, client: Client) -> None:
    if "registration" in params.values:  # OpenID Connect Core section 7.2.1: not in silence
        raise RegistrationNotSupported("registration was sent")
    if params.need("response_type") not in RESPONSE_TYPES:
        raise UnsupportedResponseType("response_type is not code")
    if "authorization_code" not in client.grant_types:
        raise UnauthorizedClient(f"{client.client_id} may not use authorization_code")
    mode = params.get("response_mode")
    if mode not in (None, *RESPONSE_MODES):
        raise InvalidRequest("unknown response_mode", public=NOT_SPOKEN)
    if mode == FORM_POST and not takes_forms(params.need("redirect_uri")):
        raise InvalidRequest("form_post to an application", public=NOT_SPOKEN)


NOT_SPOKEN = "The response mode is not supported here."
