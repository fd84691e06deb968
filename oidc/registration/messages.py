"""A registration as it comes and as it goes.

RFC 7591 sections 3.1 and 3.2.1; RFC 7592 sections 2 and 3; RFC 6750 section 2.1 (the tokens).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from clients.dynamic.members import shown
from clients.dynamic.registration import Registration
from keys.compact import BadToken, json_object
from oidc.access import MissingToken
from oidc.access.presented import bearer
from oidc.endpoints.message import Request
from oidc.errors import InvalidRequest
from oidc.ports import Config
from oidc.registration.errors import InvalidClientMetadata, RegistrationIsOff
from store.micros import seconds

PATH = "/register/client"
_OURS = (
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
)


def check_on(config: Config) -> None:
    if not config.registration:
        raise RegistrationIsOff("registration is off")


def metadata(request: Request) -> dict[str, Any]:
    """What a client says of itself."""
    if not request.is_json():
        raise InvalidClientMetadata("body is not JSON")
    try:
        return json_object(request.body)
    except BadToken as error:
        raise InvalidClientMetadata(f"body: {error}") from error


def update(request: Request, client_id: str) -> dict[str, Any]:
    """RFC 7592 section 2.2: of the client it names, and nothing that only we say."""
    said = metadata(request)
    if said.get("client_id") != client_id:
        raise InvalidClientMetadata("another client_id", public="client_id is not this client's.")
    if not said.keys().isdisjoint(_OURS):
        raise InvalidRequest("says what only we say", public="A member is ours alone to say.")
    return said


def invitation(request: Request) -> str | None:
    """An initial access token, if there is one."""
    header = request.header(b"authorization")
    return None if header is None else bearer(header)


def management_token(request: Request) -> str:
    token = invitation(request)
    if token is None:
        raise MissingToken("no registration access token")
    return token


def managed(request: Request) -> str:
    """The client that the address names."""
    return request.params().sound().need("client_id")


def information(made: Registration, issuer: str) -> Mapping[str, Any]:
    """RFC 7591 section 3.2.1. A secret has no end."""
    client_id = made.client.client_id
    secret = {"client_secret": made.secret, "client_secret_expires_at": 0} if made.secret else {}
    return {
        "client_id": client_id,
        "client_id_issued_at": seconds(made.issued_at),
        **secret,
        "registration_access_token": made.token,
        "registration_client_uri": f"{issuer}{PATH}?{urlencode({'client_id': client_id})}",
        **shown(made.client),
    }
