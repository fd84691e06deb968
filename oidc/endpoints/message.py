"""A request and an answer, as the edge hands them about. RFC 9110; RFC 6265 section 4.2."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

import orjson

from oidc.errors import InvalidRequest
from oidc.params import Params

FORM = "application/x-www-form-urlencoded"
BLANK = " \t"  # nothing else is blank in a header, whatever Latin-1 has (RFC 9110 section 5.6.3)

Header = tuple[bytes, bytes]
Handler = Callable[["Request"], Awaitable["Answer"]]

NO_STORE: Header = (b"cache-control", b"no-store")
JSON: Header = (b"content-type", b"application/json")
REFERRER: Header = (b"referrer-policy", b"no-referrer")


@dataclass(frozen=True)
class Request:
    """``path`` is decoded, ``query`` is not; header names are in small letters.

    ``body`` is a posted form's, whole.
    """

    method: str
    path: str
    query: bytes
    headers: Sequence[Header]
    body: bytes = b""

    def header(self, name: bytes) -> str | None:
        """Its value; one that may come once and comes twice is refused."""
        found = [value for key, value in self.headers if key == name]
        if len(found) > 1:
            raise InvalidRequest(f"header sent twice: {name.decode()}")
        return found[0].decode("latin-1") if found else None

    def cookie(self, name: str) -> str | None:
        """Its value; of one that came with several nobody knows which is ours."""
        return self._cookies.get(name)

    @cached_property
    def _cookies(self) -> dict[str, str | None]:
        text = ";".join(v.decode("latin-1") for k, v in self.headers if k == b"cookie")
        found: dict[str, str | None] = {}
        for piece in text.split(";"):
            name, _, said = piece.partition("=")
            name, value = name.strip(BLANK), said.strip(BLANK)
            found[name] = value if found.get(name, value) == value else None
        return found

    def params(self) -> Params:
        """Of the query."""
        return Params.read(self.query)

    def is_form(self) -> bool:
        kind = (self.header(b"content-type") or "").partition(";")[0]
        return kind.strip(BLANK).lower() == FORM

    def form(self) -> Params:
        """Of the body."""
        if not self.is_form():
            raise InvalidRequest("body is not a form")
        return Params.read(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()


def json(body: Mapping[str, Any], status: int = 200, *headers: Header) -> Answer:
    """RFC 6749 section 5.1: what may hold a token is never stored."""
    return Answer(status, orjson.dumps(body), (JSON, NO_STORE, *headers))


def see_other(address: str, *cookies: Header) -> Answer:
    """RFC 9700 section 4.12: 303, so that no form is ever posted again elsewhere."""
    where = (b"location", address.encode("ascii"))
    return Answer(HTTPStatus.SEE_OTHER, b"", (where, NO_STORE, REFERRER, *cookies))
