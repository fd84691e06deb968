"""The whole of an authorization request: what it says itself, and what it only carries or names.

OpenID Connect Core sections 6.1 and 6.2; RFC 9101 sections 5 and 10.5; RFC 9126 sections 4 and 5.
An error is told at the address outside if that is proven; else the person is shown a page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from clients.model import Client
from oidc.authorize import channel
from oidc.authorize.merge import merged
from oidc.authorize.pushed import PREFIX, Pushed, PushedRequests
from oidc.authorize.request_object import Reader
from oidc.endpoints.refusal import RefusingAt
from oidc.errors import (
    InvalidRequest,
    InvalidRequestUri,
    OAuthError,
    RequestNotSupported,
    RequestUriNotSupported,
)
from oidc.params import Params
from oidc.ports import Ports


def is_plain(params: Params, client: Client) -> bool:
    """It is all there, and may be."""
    return not (
        "request" in params.values
        or "request_uri" in params.values
        or client.require_pushed_authorization_requests
        or client.require_signed_request_object
    )


async def whole(params: Params, client: Client, ports: Ports, now: int) -> Pushed:
    """The request that counts; its address is not proven yet."""
    if params.values.get("request_uri", "").startswith(PREFIX):
        return await PushedRequests(ports.one_time).find(params.need("request_uri"), client, now)
    with where_proven(params, client, ports.config.issuer):
        if client.require_pushed_authorization_requests:
            raise InvalidRequest("not pushed", public="The request must be pushed first.")
        return Pushed(await signed(params.sound(), client, ports, now), None)


async def signed(params: Params, client: Client, ports: Ports, now: int) -> Params:
    """With what stands in its request object."""
    text, request_uri = params.get("request"), params.get("request_uri")
    if text and request_uri:
        raise InvalidRequest("request and request_uri")
    if request_uri is not None:
        text = await referred(request_uri, client, ports)
    if text is None:
        raise InvalidRequest("not signed", public="The request must be signed.")
    reader = Reader(client, ports.client_keys, ports.config.issuer)
    try:
        return merged(params, await reader.read(text, now), client)
    except RequestNotSupported as error:
        raise RequestUriNotSupported(error.detail) if request_uri else error from error


async def referred(request_uri: str, client: Client, ports: Ports) -> str:
    """Nothing is fetched but what was registered, to the letter: RFC 9101 section 10.4."""
    if request_uri not in client.request_uris:
        raise InvalidRequestUri("request_uri is not registered")
    text = await ports.request_objects.at(request_uri)
    if text is None:
        raise InvalidRequestUri("nothing of use lies at request_uri")
    return text


@contextmanager
def where_proven(params: Params, client: Client, issuer: str) -> Iterator[None]:
    try:
        redirect = channel.proven(params, client, issuer)
    except OAuthError:
        yield
        return
    with RefusingAt(redirect):
        yield
