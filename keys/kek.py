"""The key-encryption key: 32 bytes in a file or a mounted credential that only we can read.

It never comes from the environment or a command line, where other programs can see it.
"""

import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

LENGTH = 32
_TEXT = 43  # 32 bytes in base64url
_ENOUGH = 64
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(Exception):
    """The file cannot be used, and why, in one sentence."""


def read_kek(path: Path) -> bytes:
    """32 bytes, raw or in base64url. Raises ``KeyFileError``."""
    content = read_private(path, _ENOUGH)
    if len(content) == LENGTH:
        return content
    return _decoded(content, path)


def read_private(path: Path, most: int) -> bytes:
    """Of a file that only we may read: at most so many bytes. Raises ``KeyFileError``."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(most)
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error.strerror}.") from error
    if mode & _OTHERS:
        raise KeyFileError(f"The key file {path} is open to others: run chmod 600 {path}.")
    return content


def _decoded(content: bytes, path: Path) -> bytes:
    text = content.strip().rstrip(b"=")
    with suppress(ValueError):
        key = urlsafe_b64decode(text + b"=")
        if len(text) == _TEXT and urlsafe_b64encode(key).rstrip(b"=") == text:
            return key
    raise KeyFileError(f"The key file {path} does not hold 32 bytes, raw or in base64url.")


def make_kek(path: Path) -> bytes:
    """The key in this file; where there is no file, a new one, mode 0600. For demonstrations.

    Whole or not at all, and of several programs that start at once the first one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(urlsafe_b64encode(secrets.token_bytes(LENGTH)).rstrip(b"=") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename it replaces nothing
    finally:
        draft.unlink()
    return read_kek(path)
