"""A form comes whole before anybody looks at the clock. RFC 9110 section 15.5.9.

Who sends a form slowly would else be judged by the time at which they began.
"""

import asyncio

from oidc.asgi import Receive
from oidc.begun import Begun
from oidc.endpoints.message import Request
from oidc.errors import BodyTooLate, BodyTooLong, InvalidRequest

MAX_BODY = 64 * 1024
WITH_BODY = frozenset({"POST", "PUT"})
PATIENCE = 10.0  # seconds


async def arrived(request: Request, receive: Receive, patience: float) -> Request:
    """With its body, if that is a form or JSON; of other bodies nothing is read.

    ``patience`` in seconds. Raises ``InvalidRequest``.
    """
    if request.method not in WITH_BODY or not (request.is_form() or request.is_json()):
        return request
    reading = Begun(whole(receive))
    if reading.over:  # nearly always it came with the head
        return request.with_body(await reading)
    try:
        async with asyncio.timeout(patience):
            return request.with_body(await reading)
    except TimeoutError as error:
        raise BodyTooLate("body too late") from error


async def whole(receive: Receive) -> bytes:
    """No more of it is read than a form may have."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise BodyTooLong("body too long")
        if message["type"] == "http.disconnect":
            raise InvalidRequest("the client went away")
        if not message.get("more_body"):
            return bytes(body)
