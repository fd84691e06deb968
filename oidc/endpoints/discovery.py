"""GET /.well-known/openid-configuration, and the same at RFC 8414's address.

OpenID Connect Discovery sections 3 and 4; RFC 8414 sections 2 and 3. An issuer has no path, so
both addresses are at the root.
"""

from collections.abc import Mapping
from functools import lru_cache

import orjson

from keys.secrets import digest
from oidc.endpoints.endpoint import Factory
from oidc.endpoints.message import Answer, Handler, Request
from oidc.metadata import metadata
from oidc.ports import Ports
from oidc.prepared import prepared
from store.micros import Clock

REGISTRATION = "registration_endpoint"
"""It is there for whom the settings let register."""


def about(paths: Mapping[str, str]) -> Factory:
    """The factory of a handler that describes these endpoints."""

    def handler(ports: Ports, clock: Clock) -> Handler:
        issuer = ports.config.issuer
        hidden = () if ports.config.registration else (REGISTRATION,)
        addresses = {name: issuer + path for name, path in paths.items() if name not in hidden}

        @lru_cache(maxsize=1)
        def made(algorithms: tuple[str, ...]) -> tuple[bytes, str]:
            body = orjson.dumps(metadata(ports.config, addresses, algorithms))
            return body, f'"{digest(body.decode())}"'

        async def discovery(request: Request) -> Answer:
            ring = await ports.keys.current(clock())
            return prepared(request, *made(ring.algorithms()))

        return discovery

    return handler
