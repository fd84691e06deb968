"""The code challenge of a request. RFC 7636 section 4.4.1; RFC 9700 section 2.1.1.

A client may be registered to do without (``require_pkce``); one that was sent holds all the same.
"""

import re

from clients.model import Client
from oidc.errors import InvalidRequest
from oidc.params import Params

_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def challenge(params: Params, client: Client) -> str | None:
    """S256 only; no method means ``plain``."""
    value, method = params.get("code_challenge"), params.get("code_challenge_method")
    if value is None and method is None and not client.require_pkce:
        return None
    if value is None:
        raise InvalidRequest("no code_challenge", public="Parameter code_challenge is missing.")
    if method != "S256":
        raise InvalidRequest("not S256", public="The code challenge method must be S256.")
    if not _CHALLENGE.fullmatch(value):
        raise InvalidRequest("bad code_challenge", public="The code challenge is malformed.")
    return value
