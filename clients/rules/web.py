"""What a client has on the web that people and their browsers are led to: rules for it.

OpenID Connect Registration section 2; Front-Channel Logout section 2; Core section 4. Where a
browser calls by itself, or people begin to sign in, is a server to which they are sent back
anyway, so that no registration leads them to somebody else.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from clients import redirect_uris
from clients.model import Client

_OF_ITS_OWN = ("frontchannel_logout_uri", "initiate_login_uri")
_FIELDS = (*_OF_ITS_OWN, "client_uri", "logo_uri", "policy_uri", "tos_uri")
_DEFAULT = {"https": ":443", "http": ":80"}


def pages(client: Client, *, demonstration: bool) -> Iterator[str]:
    for field in _FIELDS:
        uri = getattr(client, field)
        fault = uri and redirect_uris.server_fault(uri, demonstration=demonstration)
        if fault:
            yield f"{field}: it {fault}."
    yield from _elsewhere(client)
    if client.frontchannel_logout_session_required and client.frontchannel_logout_uri is None:
        yield "frontchannel_logout_session_required needs frontchannel_logout_uri."


def _elsewhere(client: Client) -> Iterator[str]:
    own = {_server(it) for it in client.redirect_uris}
    for field in _OF_ITS_OWN:
        uri = getattr(client, field)
        if uri is not None and _server(uri) not in own:
            yield f"{field}: it has the scheme, host and port of a redirect URI."


def _server(uri: str) -> tuple[str, str]:
    try:
        parts = urlsplit(uri)
    except ValueError:  # another rule says that it is no address
        return "", uri
    return parts.scheme, parts.netloc.removesuffix(_DEFAULT.get(parts.scheme, ""))
