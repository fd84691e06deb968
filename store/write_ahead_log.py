"""The write-ahead log of a SQLite file, on the disk: waited for by a thread, not by the event loop.

SQLite's WAL documentation, sections "Avoiding Excessively Large WAL Files" and "Performance
Considerations"; PRAGMA synchronous. A commit under ``synchronous=NORMAL`` hands its pages to the
system; it is durable once the log is flushed. Frames follow one another and each vouches for those
before it, so whatever was flushed stands on all that came earlier.
"""

import os
import sqlite3
from contextlib import suppress
from errno import EIO
from pathlib import Path

ENOUGH = 1000  # statements after which the log is copied into the database


class WriteAheadLog:
    """``connection`` is of the thread that calls: it copies, and never writes rows."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path.with_name(f"{path.name}-wal")
        self._connection = connection
        self._file: int | None = None
        self._lost = False
        self._statements = 0

    @property
    def lost(self) -> bool:
        """A flush failed: nothing is acknowledged until the program starts again."""
        return self._lost

    def flush(self) -> None:
        """What was committed is on the disk. Raises ``OSError``; once it has, always.

        After a failure the system forgets what it could not write, so no later flush would tell.
        """
        if self._lost:
            raise OSError(EIO, "an earlier flush failed")
        file = self._opened()  # if that fails nothing is lost yet: a later flush covers it
        try:
            os.fdatasync(file)
        except OSError:
            self._lost = True
            raise

    def _opened(self) -> int:
        if self._file is None:
            _flush_folder(self._path.parent)
            self._file = os.open(self._path, os.O_RDONLY)
        return self._file

    def tidy(self, statements: int) -> None:
        """Now and then copy what it holds into the database, so that it begins anew.

        Before the next batch: if frames were added meanwhile, it would never be copied whole.
        """
        self._statements += statements
        if self._statements >= ENOUGH and not self._lost:
            self._statements = 0
            with suppress(sqlite3.Error):  # another process does it, or the next turn
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._connection.close()


def _flush_folder(folder: Path) -> None:
    """So that the file has its name after a power cut, too."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
