"""Addresses a browser may be sent to: which are registered, and which may be.

RFC 6749 section 3.1.2; RFC 8252 sections 7.1 and 7.3 (native applications); RFC 9700 sections
2.1 and 4.1. Compared as they are written, never as what they might mean.
"""

import re

from clients.model import Client

LONGEST = 2000
_ALLOWED = re.compile(r"[!-~]+")  # visible ASCII: no spaces, no control characters
_HTTPS = re.compile(r"https://(?P<host>[a-z0-9.-]+)(?::\d{1,5})?(?:[/?][^#]*)?")
# The port of a native application's own machine is free: RFC 8252 section 7.3.
_LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?((?:[/?][^#]*)?)")
_LOCALHOST = re.compile(r"http://localhost(?::\d{1,5})?(?:[/?][^#]*)?")
_PRIVATE_USE = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:/[^#\[\]]*")  # reverse-domain form
_DOTS = re.compile(r"/\.{1,2}(?:[/?]|$)")


def is_registered(uri: str, client: Client) -> bool:
    """To the letter; only the port of a native application's loopback address may differ."""
    if uri in client.redirect_uris:
        return True
    portless = _portless(uri) if client.application_type == "native" else None
    return portless is not None and portless in {_portless(known) for known in client.redirect_uris}


def _portless(uri: str) -> tuple[str, ...] | None:
    found = _LOOPBACK.fullmatch(uri)
    return found.groups() if found and _ALLOWED.fullmatch(uri) else None


def fault(uri: str, client: Client, *, demonstration: bool) -> str | None:
    """Why this address may not be registered, or None."""
    if client.application_type == "native" and not _HTTPS.fullmatch(uri):
        return _misspelt(uri) or (None if _is_native(uri) else _NATIVE)
    return server_fault(uri, demonstration=demonstration)


def server_fault(uri: str, *, demonstration: bool) -> str | None:
    """Why this is no address of a service on the web, or None."""
    misspelt = _misspelt(uri)
    if misspelt is not None or _HTTPS.fullmatch(uri):
        return misspelt
    if demonstration and (_LOOPBACK.fullmatch(uri) or _LOCALHOST.fullmatch(uri)):
        return None
    return "must begin with https:// and a host in small letters"


def _misspelt(uri: str) -> str | None:
    if len(uri) > LONGEST or not _ALLOWED.fullmatch(uri) or "\\" in uri:
        return "must be at most 2000 visible ASCII characters, without backslashes"
    if "#" in uri:
        return "must not have a fragment"
    return "must not have . or .. in its path" if _DOTS.search(uri) else None


def _is_native(uri: str) -> bool:
    return bool(_LOOPBACK.fullmatch(uri) or _PRIVATE_USE.fullmatch(uri))


_NATIVE = (
    "of a native application must be https, http on 127.0.0.1 or [::1], "
    "or a scheme in reverse-domain form such as vn.gov.example:/path"
)
