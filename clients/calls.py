"""One call to an address that a client has chosen. RFC 9110 sections 9.3.1 and 9.3.3 (GET, POST).

``addresses.py`` judges where it leads. No redirect is followed, no cookie kept, nothing unpacked.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from httpx2 import (
    AsyncClient,
    ConnectError,
    ConnectTimeout,
    HTTPError,
    InvalidURL,
    Limits,
    Response,
    Timeout,
)

from clients.addresses import Addresses, NotAllowed, pinned
from clients.networks import Networks
from clients.trust import trust

CONNECTING = 2.0
CONNECTIONS = 256
FAILED = (HTTPError, InvalidURL, OSError, ValueError)  # a TimeoutError is an OSError


class Calls:
    """To be closed at the end. ``patience``: seconds that each part of a call may take.

    ``authorities`` as for ``trust``, with its fault.
    """

    def __init__(self, networks: Networks, patience: float, authorities: Path | None) -> None:
        self._addresses = Addresses(networks)
        self._client = AsyncClient(
            verify=trust(authorities),
            timeout=Timeout(patience, connect=CONNECTING),
            limits=Limits(max_connections=CONNECTIONS, max_keepalive_connections=0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        self._addresses.close()
        await self._client.aclose()

    @asynccontextmanager
    async def to(self, method: str, url: str, **said: Any) -> AsyncIterator[Response]:
        """The head of the answer; ``said`` as httpx names it. Raises ``NotAllowed``, ``FAILED``."""
        response = await self._sent(method, urlsplit(url), **said)
        try:
            yield response
        finally:
            await response.aclose()

    async def _sent(self, method: str, url: SplitResult, **said: Any) -> Response:
        """By the first of its addresses that takes the connection."""
        failed: Exception = NotAllowed("no address")
        for address in await self._addresses.of(url):
            try:
                return await self._send(method, url, address, said)
            except (ConnectError, ConnectTimeout) as error:
                failed = error
        raise failed

    async def _send(
        self, method: str, url: SplitResult, address: str, said: dict[str, Any]
    ) -> Response:
        """Its certificate is still judged by the name."""
        request = self._client.build_request(
            method,
            pinned(url, address),
            **{**said, "headers": {"Host": url.netloc, **said.get("headers", {})}},
            extensions={"sni_hostname": url.hostname},
        )
        return await self._client.send(request, stream=True)
