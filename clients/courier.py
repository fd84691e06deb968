"""Taking a message to an address that a client has chosen, and fetching what lies there.

RFC 9110 sections 8.3 (media types) and 9.3. Of the answer to a message nothing but its status is
read, and of a document no more than it may have. What else could go wrong: ``calls.py``.
"""

import asyncio
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

from httpx2 import Response

from clients.addresses import NotAllowed
from clients.calls import FAILED, Calls
from clients.networks import Networks

PATIENCE = 5.0
LONGEST = 64 * 1024  # octets of a document
_GOOD = range(200, 300)
_EVENT = {"Content-Type": "application/secevent+jwt", "Accept": "application/json"}
_OK = 200


class Undelivered(Exception):
    """It was not received; the text says why in a word, and names nobody."""


class Unfetched(Exception):
    """There is no document; the text says why in a word, and names nobody."""


class Forbidden(Unfetched):
    """Its address may not be called at all: it is not https, or leads inwards."""


class Silent(Unfetched):
    """Nobody answered, or not in time."""


class Unsuitable(Unfetched):
    """What was answered is no such document: by its status, its type or its size."""


class Courier:
    """Opened with ``async with``. ``patience``: seconds that one message or document may take.

    ``authorities``: a file of certificate authorities that are believed, too. Raises
    ``clients.trust.BadAuthorities``.
    """

    def __init__(
        self, networks: Networks, *, patience: float = PATIENCE, authorities: Path | None = None
    ) -> None:
        self._patience = patience
        self._calls = Calls(networks, patience, authorities)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._calls.close()

    async def post(self, url: str, form: Mapping[str, str]) -> None:
        """Any 2xx is success. Raises ``Undelivered``."""
        await self._take(url, data=form)

    async def push(self, url: str, token: str) -> None:
        """A security event token: RFC 8935 section 2.1. Raises ``Undelivered``."""
        await self._take(url, content=token.encode(), headers=_EVENT)

    async def _take(self, url: str, **said: Any) -> None:
        try:
            async with (
                asyncio.timeout(self._patience),
                self._calls.to("POST", url, **said) as it,
            ):
                status = it.status_code
        except NotAllowed as error:
            raise Undelivered(str(error)) from error
        except FAILED as error:
            raise Undelivered(type(error).__name__) from error
        if status not in _GOOD:
            raise Undelivered(f"status {status}")

    async def get(self, url: str, types: Collection[str], *, most: int = LONGEST) -> bytes:
        """The document there, of one of these media types and at most so many octets.

        Raises ``Unfetched``: ``Forbidden``, ``Silent`` or ``Unsuitable``.
        """
        head = {"Accept": ", ".join(types), "Accept-Encoding": "identity"}
        try:
            async with (
                asyncio.timeout(self._patience),
                self._calls.to("GET", url, headers=head) as it,
            ):
                return await _document(it, types, most)
        except NotAllowed as error:
            raise Forbidden(str(error)) from error
        except FAILED as error:
            raise Silent(type(error).__name__) from error


async def _document(response: Response, types: Collection[str], most: int) -> bytes:
    """No more of it is read than it may have."""
    if response.status_code != _OK:
        raise Unsuitable(f"status {response.status_code}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in types:
        raise Unsuitable("another media type")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unsuitable("packed")
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > most:
            raise Unsuitable("too long")
    return bytes(body)
