"""Signed requests that lie at an address of the client's.

OpenID Connect Core section 6.2; RFC 9101 sections 5.2.3 and 10.4. Fetched each time, as anything
may lie there a moment later; kept only where the fragment of the address says the digest of it.
"""

import logging
from hashlib import sha256

from clients.courier import Courier, Unfetched
from keys.compact import encoded

LONGEST = 16 * 1024  # octets
MOST = 500  # kept in the process
TYPES = ("application/oauth-authz-req+jwt", "application/jwt")

_LOG = logging.getLogger("motcua")


class RequestObjects:
    """``oidc.client_ports.RequestObjects``."""

    def __init__(self, courier: Courier, *, most: int = MOST) -> None:
        self._courier = courier
        self._most = most
        self._kept: dict[str, str] = {}

    async def at(self, request_uri: str) -> str | None:
        if request_uri in self._kept:
            return self._kept[request_uri]
        address, _, fragment = request_uri.partition("#")
        try:
            body = await self._courier.get(address, TYPES, most=LONGEST)
            text = body.decode("ascii").strip()
        except (Unfetched, UnicodeDecodeError) as error:
            _LOG.warning("request_uri: %s", error if isinstance(error, Unfetched) else "no text")
            return None
        if fragment == encoded(sha256(body).digest()).decode():
            self._keep(request_uri, text)
        return text

    def _keep(self, request_uri: str, text: str) -> None:
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[request_uri] = text
