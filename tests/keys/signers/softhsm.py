"""Tokens of SoftHSM, in a folder of their own: software that speaks PKCS #11, for tests alone.

It looks once in a process at what tokens there are, so all of a process are made at once.
"""

import atexit
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from house import tools
from keys.signers.keepers import Keepers
from keys.signers.pkcs11 import Pkcs11

PIN = "2580-correct"
MOST = 16  # tokens of one process, whichever tests it runs


@dataclass(frozen=True)
class Token:
    """``files`` is where it lies, whole."""

    module: Path
    label: str
    pin_file: Path
    files: Path

    def keeper(self, *, sessions: int = 2, pin_file: Path | None = None) -> Pkcs11:
        return Pkcs11(self.module, self.label, pin_file or self.pin_file, sessions)

    def settings(self) -> dict[str, str]:
        """With which a program makes its keys there, and signs with them."""
        return {
            "KEYS__PROVIDER": "pkcs11",
            "KEYS__PKCS11__MODULE": str(self.module),
            "KEYS__PKCS11__TOKEN_LABEL": self.label,
            "KEYS__PKCS11__PIN_FILE": str(self.pin_file),
        }

    @contextmanager
    def taken_out(self) -> Iterator[None]:
        away = self.files.with_name(f"{self.files.name}.away")
        self.files.rename(away)
        try:
            yield
        finally:
            away.rename(self.files)


def module() -> Path:
    found = tools.find("SoftHSM")
    if found is None:
        assert not tools.in_ci(), "SoftHSM has to be there"
        pytest.skip("SoftHSM is not installed")
    return found


@cache
def tokens() -> Iterator[tuple[str, Path]]:
    """Empty ones, by label, and where each lies; gone when the process is."""
    place = Path(mkdtemp(prefix="motcua-softhsm-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.environ["SOFTHSM2_CONF"] = configuration(place)
    return iter([(f"motcua {number}", made(place, f"motcua {number}")) for number in range(MOST)])


def configuration(place: Path) -> str:
    (place / "tokens").mkdir()
    file = place / "softhsm2.conf"
    file.write_text(f"directories.tokendir = {place}/tokens\nlog.level = ERROR\n")
    return str(file)


def made(place: Path, label: str) -> Path:
    before = {*(place / "tokens").iterdir()}
    pins = ["--pin", PIN, "--so-pin", "1470-officer"]
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, *pins],
        env={**os.environ, "SOFTHSM2_CONF": str(place / "softhsm2.conf")},
        check=True,
        capture_output=True,
    )
    (files,) = {*(place / "tokens").iterdir()} - before
    return files


@cache
def shared() -> tuple[str, Path]:
    """One that no test leaves unusable."""
    return next(tokens())


def token(home: Path, *, mine: bool = False) -> Token:
    """``mine``: for who takes it out, or is refused by it."""
    library = module()
    label, files = next(tokens()) if mine else shared()
    pin_file = home / "pin"
    pin_file.touch(mode=0o600)
    pin_file.write_text(f"{PIN}\n")
    return Token(library, label, pin_file, files)


@asynccontextmanager
async def kept_in(token: Token) -> AsyncIterator[Keepers]:
    """Where new keys are made in this token."""
    keeper = token.keeper()
    await keeper.open()
    try:
        yield Keepers([keeper], makes=keeper.name, patience=10)
    finally:
        keeper.close()
