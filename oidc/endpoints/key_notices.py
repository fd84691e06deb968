"""GET /key-notices: which of our keys may be somebody else's. RFC 8936 section 2.4.

Asked each time, for who asks wants to hear of it at once; with its ``ETag`` that costs little.
RFC 9111 section 5.2.2.4 (``no-cache``).
"""

from oidc.endpoints.message import Answer, Handler, Request
from oidc.ports import Ports
from oidc.prepared import prepared
from store.micros import Clock

PATH = "/key-notices"
CACHE = (b"cache-control", b"no-cache")


def handler(ports: Ports, clock: Clock) -> Handler:
    async def key_notices(request: Request) -> Answer:
        body, etag = await ports.key_notices.published(clock())
        return prepared(request, body, etag, CACHE)

    return key_notices
