"""Which certificates are believed. RFC 5280 section 6.1: what leads to an authority we know."""

import ssl
from functools import cache
from pathlib import Path


class BadAuthorities(Exception):
    """The file of certificate authorities is none; the text says so, in one sentence."""


@cache  # to read every authority of the system takes long
def trust(authorities: Path | None = None) -> ssl.SSLContext:
    """The system's authorities, and those of this file too. Raises ``BadAuthorities``."""
    context = ssl.create_default_context()
    if authorities is not None:
        try:
            context.load_verify_locations(authorities)
        except OSError as error:  # an SSLError is one
            raise BadAuthorities(
                f"The file {authorities} holds no certificate authorities."
            ) from error
    return context
