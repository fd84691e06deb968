"""What is the same for everybody, made ready. RFC 9110 sections 8.8.3 and 13.1.2; RFC 9111."""

from http import HTTPStatus

from oidc.endpoints.message import JSON, Answer, Request

MAX_AGE = 900  # seconds
# RFC 5861 section 4: while we are away, an old key set is better than none.
CACHE = (b"cache-control", b"public, max-age=%d, stale-if-error=86400" % MAX_AGE)


def prepared(
    request: Request, body: bytes, etag: str, cache: tuple[bytes, bytes] = CACHE
) -> Answer:
    """``etag`` comes with its quotes. Who has it already gets 304."""
    tag = (b"etag", etag.encode("ascii"))
    known = [value for name, value in request.headers if name == b"if-none-match"]
    if known and any(tag[1] in value or value.strip() == b"*" for value in known):
        return Answer(HTTPStatus.NOT_MODIFIED, b"", (tag, cache))
    return Answer(HTTPStatus.OK, body, (JSON, tag, cache))


def has_it(request: Request, answer: Answer, etag: str) -> bool:
    """Whether who asked has what ``etag`` stands for from now on: it is sent, or named by them."""
    if answer.status == HTTPStatus.OK:
        return request.method == "GET"
    known = [value for name, value in request.headers if name == b"if-none-match"]
    return any(etag.encode("ascii") in value for value in known)
