"""A form comes whole before anybody looks at the clock. RFC 9110 section 15.5.9.

Who sends a form slowly would else be judged by the time at which they began.
"""

import asyncio
from collections.abc import Callable

from oidc.asgi import Receive, nothing
from oidc.begun import Begun
from oidc.endpoints.message import Request
from oidc.errors import BodyTooLate, BodyTooLong, InvalidRequest

MAX_BODY = 64 * 1024
WITH_BODY = frozenset({"POST", "PUT"})
PATIENCE = 10.0  # seconds

Ready = Callable[[], bytes | None]


async def arrived(
    request: Request, receive: Receive, patience: float, ready: Ready = nothing
) -> Request:
    """With its body, if that is a form or JSON; of other bodies nothing is read.

    ``patience`` in seconds. Raises ``InvalidRequest``.
    """
    if request.method not in WITH_BODY or not (request.is_form() or request.is_json()):
        return request
    body = ready()  # nearly always it came with the head
    if body is None:
        body = await coming(receive, patience)
    if len(body) > MAX_BODY:
        raise BodyTooLong("body too long")
    return request.with_body(body)


async def coming(receive: Receive, patience: float) -> bytes:
    reading = Begun(whole(receive))
    if reading.over:
        return await reading
    try:
        async with asyncio.timeout(patience):
            return await reading
    except TimeoutError as error:
        raise BodyTooLate("body too late") from error


async def whole(receive: Receive) -> bytes:
    """No more of it is read than a form may have."""
    pieces: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
        if length > MAX_BODY:
            raise BodyTooLong("body too long")
        if message["type"] == "http.disconnect":
            raise InvalidRequest("the client went away")
        if not message.get("more_body"):
            return b"".join(pieces)  # of one piece nothing is copied
