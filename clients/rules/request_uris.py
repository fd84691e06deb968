"""Addresses at which a client keeps signed requests: what may be registered.

OpenID Connect Dynamic Client Registration section 2 (``request_uris``); OpenID Connect Core section
6.2. A fragment may say the SHA-256 of what lies there; compared is the whole, to the letter.
"""

from collections.abc import Iterator

from clients.model import Client
from clients.redirect_uris import server_fault

LONGEST = 512
MOST = 20


def request_uris(client: Client, *, demonstration: bool) -> Iterator[str]:
    if len(client.request_uris) > MOST:
        yield f"request_uris has at most {MOST} addresses."
    for number, uri in enumerate(client.request_uris, 1):
        fault = _fault(uri, demonstration=demonstration)
        if fault is not None:
            yield f"request_uris, number {number}: it {fault}."


def _fault(uri: str, *, demonstration: bool) -> str | None:
    if len(uri) > LONGEST:
        return f"has at most {LONGEST} characters"
    address, _, fragment = uri.partition("#")
    if "#" in fragment:
        return "has one fragment at most"
    return server_fault(address, demonstration=demonstration)
