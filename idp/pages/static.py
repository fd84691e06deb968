"""The sheet, the mark and the scripts: read at start, named by their content, kept for good.

RFC 8246 (immutable); RFC 9110 section 8.8.3 (ETag).
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oidc.endpoints.message import Answer, Header, Request

FOLDER = Path(__file__).parent / "static"
KINDS = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}
PREFIX = "/static/"
_DIGITS = 16  # of the digest, in the name


@dataclass(frozen=True, slots=True)
class File:
    etag: bytes
    kind: bytes
    body: bytes
    integrity: str

    def headers(self) -> tuple[Header, ...]:
        return (
            (b"content-type", self.kind),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"etag", self.etag),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
        )


class Static:
    """Every file under the name that changes when the file does."""

    def __init__(self, folder: Path = FOLDER) -> None:
        found = {path.name: _read(path) for path in sorted(folder.iterdir())}
        self._paths = {name: path for name, (path, _) in found.items()}
        self._files = dict(found.values())

    def path(self, name: str) -> str:
        """Where the file is to be had, as of now. Raises ``KeyError``."""
        return self._paths[name]

    def integrity(self, name: str) -> str:
        """What its content must be, for the page that runs it: Subresource Integrity."""
        return self._files[self.path(name)].integrity

    async def answer(self, request: Request) -> Answer | None:
        """The file, or that it has not changed, or nothing: there is none."""
        file = self._files.get(request.path)
        if file is None:
            return None
        known = (request.header(b"if-none-match") or "").encode("latin-1")
        if file.etag in known:
            return Answer(304, b"", file.headers())
        return Answer(200, file.body, file.headers())


@cache
def load() -> Static:
    """What a browser loads besides a page, read once."""
    return Static()


def _read(path: Path) -> tuple[str, File]:
    body = path.read_bytes()
    made = hashlib.sha256(body)
    mark, integrity = made.hexdigest()[:_DIGITS], f"sha256-{b64encode(made.digest()).decode()}"
    file = File(f'"{mark}"'.encode(), KINDS[path.suffix], body, integrity)
    return f"{PREFIX}{path.stem}.{mark}{path.suffix}", file
