"""A request and an answer, as the edge hands them about. RFC 9110; RFC 6265 section 4.2."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson

from oidc.errors import InvalidRequest
from oidc.params import Params
from store.value import as_value

FORM = "application/x-www-form-urlencoded"
BLANK = " \t"  # nothing else is blank in a header, whatever Latin-1 has (RFC 9110 section 5.6.3)

Header = tuple[bytes, bytes]
Handler = Callable[["Request"], Awaitable["Answer"]]

NO_STORE: Header = (b"cache-control", b"no-store")
JSON: Header = (b"content-type", b"application/json")
JWT: Header = (b"content-type", b"application/jwt")
REFERRER: Header = (b"referrer-policy", b"no-referrer")


@as_value()
class Request:
    """``path`` is decoded, ``query`` is not; header names are in small letters.

    ``body`` is a posted form's, whole. ``peer``: host and port of whoever connected, a proxy often.
    """

    method: str
    path: str
    query: bytes
    headers: Sequence[Header]
    body: bytes = b""
    peer: tuple[str, int] | None = None

    def header(self, name: bytes) -> str | None:
        """Its value; one that may come once and comes twice is refused."""
        found: bytes | None = None
        for key, value in self.headers:
            if key == name:
                if found is not None:
                    raise InvalidRequest(f"header sent twice: {name.decode()}")
                found = value
        return None if found is None else found.decode("latin-1")

    def cookie(self, name: str) -> str | None:
        """Its value; of one that came with several nobody knows which is ours."""
        found: str | None = None
        for key, value in self.headers:
            if key == b"cookie":
                for piece in value.decode("latin-1").split(";"):
                    said, _, mine = piece.partition("=")
                    if said.strip(BLANK) == name:
                        mine = mine.strip(BLANK)
                        if found not in (None, mine):
                            return None
                        found = mine
        return found

    def params(self) -> Params:
        """Of the query."""
        return Params.read(self.query)

    def with_body(self, body: bytes) -> "Request":
        return Request(self.method, self.path, self.query, self.headers, body, self.peer)

    def is_form(self) -> bool:
        kind = self.header(b"content-type")
        return kind == FORM or (kind is not None and _media_type(kind) == FORM)

    def is_json(self) -> bool:
        kind = self.header(b"content-type")
        return kind is not None and _media_type(kind) == "application/json"

    def form(self) -> Params:
        """Of the body."""
        if not self.is_form():
            raise InvalidRequest("body is not a form")
        return Params.read(self.body)


def _media_type(kind: str) -> str:
    """RFC 9110 section 8.3.1: without parameters; names have no case."""
    return kind.partition(";")[0].strip(BLANK).lower()


@as_value()
class Answer:
    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()

    def saying(self, *more: Header) -> "Answer":
        return Answer(self.status, self.body, (*self.headers, *more))


def json(body: Mapping[str, Any], status: int = 200, *headers: Header) -> Answer:
    """RFC 6749 section 5.1: what may hold a token is never stored."""
    return Answer(status, orjson.dumps(body), (JSON, NO_STORE, *headers))


def jwt(token: str) -> Answer:
    """OpenID Connect Core section 5.3.2; RFC 7519 section 10.3.1."""
    return Answer(HTTPStatus.OK, token.encode("ascii"), (JWT, NO_STORE))


def see_other(address: str, *cookies: Header) -> Answer:
    """RFC 9700 section 4.12: 303, so that no form is ever posted again elsewhere."""
    where = (b"location", address.encode("ascii"))
    return Answer(HTTPStatus.SEE_OTHER, b"", (where, NO_STORE, REFERRER, *cookies))
