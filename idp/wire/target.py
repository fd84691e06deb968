"""What a request asks for, from its first line."""

from httptools import parse_url


def target(url: bytes) -> tuple[bytes, bytes]:
    """Path and query. RFC 9112 section 3.2: nearly always it is in origin form."""
    if url.startswith(b"/") and b"#" not in url:
        path, _, query = url.partition(b"?")
        return path, query
    parsed = parse_url(url)
    return parsed.path, parsed.query or b""
