"""What a client may ask for, and about.

RFC 6749 section 3.3; RFC 8707 section 2 (``resource``); RFC 7662 sections 2.1 and 4.
"""

import re
from collections.abc import Iterator

from clients.model import Client

PERSONS = "authorization_code"
_SCOPE = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*")  # RFC 6749 section 3.3
_RESOURCE = re.compile(r"https?://[!-\"$-~]+")  # RFC 8707 section 2: absolute, no fragment


def requests(client: Client) -> Iterator[str]:
    if not client.grant_types:
        yield "grant_types names one grant at least."
    if "refresh_token" in client.grant_types and PERSONS not in client.grant_types:
        yield "refresh_token has a place beside authorization_code only."
    if not _SCOPE.fullmatch(client.scope):
        yield "scope is a list of words, separated by single spaces."
    if PERSONS in client.grant_types and "openid" not in client.scope.split(" "):
        yield "scope includes openid."
    if client.default_max_age is not None and client.default_max_age < 0:
        yield "default_max_age is not negative."


def resources(client: Client) -> Iterator[str]:
    for name in ("resource", "protected_resource"):
        said = getattr(client, name)
        if said is not None and not _RESOURCE.fullmatch(said):
            yield f"{name} is an absolute address without a fragment."
    if client.protected_resource and client.token_endpoint_auth_method == "none":
        yield "protected_resource has no place with a public client."
