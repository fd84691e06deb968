"""A folder from which mail is taken away by whatever sends it: one message a file, mode 0600."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spool:
    """Made when the first message is put there."""

    folder: Path

    def put(self, name: str, message: bytes) -> None:
        """Whole or not at all, and on disk. The same name twice is one message. ``OSError``."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{name}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.folder / f"{name}.eml")
        self._keep()

    def _keep(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
