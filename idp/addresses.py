"""What an address in the settings may be.

OpenID Connect Discovery section 3; RFC 8414 section 2.
"""

from urllib.parse import urlsplit

from pydantic import AnyUrl

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(url: AnyUrl) -> bool:
    """Http on this very machine."""
    return url.scheme == "http" and urlsplit(str(url)).hostname in LOOPBACK


def is_bare(url: AnyUrl) -> bool:
    """The cookies' ``__Host-`` prefix gives the whole host to one provider."""
    rest = (url.username, url.password, url.query, url.fragment)
    return bool(url.host) and url.path in {None, "", "/"} and rest == (None, None, None, None)
