"""An answer of one piece, as it goes over the wire. RFC 9112 sections 2 to 6."""

from collections.abc import Sequence

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from oidc.asgi import Header

LENGTH = b"content-length"
_END = b"\r\n"
_NEVER = bytes([*range(9), *range(10, 32), 127])  # in a header: RFC 9110 section 5.5
_OF_THE_MESSAGE = frozenset({LENGTH, b"connection", b"transfer-encoding"})


def written(status: int, headers: Sequence[Header], lines: bytes, body: bytes) -> bytes | None:
    """None if the headers are not those of such an answer. ``lines`` are more of them, made ready.

    All are looked at together: one by one they cost more than many an endpoint.
    """
    if not _OF_THE_MESSAGE.isdisjoint(dict(headers)):
        return None
    said = _END.join(map(b": ".join, headers))
    if len(said) - len(said.translate(None, _NEVER)) != len(_END) * (len(headers) - 1):
        return None
    rest = b"\r\n%bcontent-length: %d\r\n\r\n" % (lines, len(body))
    return b"".join((STATUS_LINE[status], said, rest, body))
