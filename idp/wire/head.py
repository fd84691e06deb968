"""The head of an answer, as it goes over the wire. RFC 9112 section 5."""

from collections.abc import Sequence

from oidc.asgi import Header

LENGTH = b"content-length"
_END = b"\r\n"
_NEVER = bytes([*range(9), *range(10, 32), 127])  # in a header: RFC 9110 section 5.5
_OF_THE_MESSAGE = frozenset({LENGTH, b"connection", b"transfer-encoding"})


def written(headers: Sequence[Header]) -> bytes | None:
    """Headers, line by line; None if they are not those of an answer of one piece."""
    if not _OF_THE_MESSAGE.isdisjoint(dict(headers)):
        return None
    lines = _END.join(map(b": ".join, headers)) + _END
    if len(lines) - len(lines.translate(None, _NEVER)) != len(_END) * len(headers):
        return None
    return lines
