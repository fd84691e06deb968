"""Addresses of a client: where people are sent, and where it is called.

RFC 9700 section 2.1; OpenID Connect Back-Channel Logout section 2.2.
"""

from collections.abc import Iterator

from clients import redirect_uris
from clients.model import Client
from clients.rules.asking import PERSONS

_FOR_PEOPLE = ("redirect_uris", "post_logout_redirect_uris")
_CALLED = ("jwks_uri", "sector_identifier_uri", "backchannel_logout_uri", "key_notices_uri")


def sign_out(client: Client) -> Iterator[str]:
    if client.backchannel_logout_session_required and client.backchannel_logout_uri is None:
        yield "backchannel_logout_session_required needs backchannel_logout_uri."


def addresses(client: Client, *, demonstration: bool) -> Iterator[str]:
    if PERSONS in client.grant_types and not client.redirect_uris:
        yield "redirect_uris has one address at least."
    for field in _FOR_PEOPLE:
        for number, uri in enumerate(getattr(client, field), 1):
            fault = redirect_uris.fault(uri, client, demonstration=demonstration)
            if fault is not None:
                yield f"{field}, number {number}: it {fault}."
    yield from _called(client, demonstration=demonstration)


def _called(client: Client, *, demonstration: bool) -> Iterator[str]:
    for field in _CALLED:
        uri = getattr(client, field)
        fault = uri and redirect_uris.server_fault(uri, demonstration=demonstration)
        if fault:
            yield f"{field}: it {fault}."
