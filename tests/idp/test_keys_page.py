"""docs/keys.md does what it says: each of its chapters on data keys, command by command."""

import os
import re
import shlex
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from idp.cli.commands import command_line
from idp.settings import Settings
from tests.idp.test_cli import listed, people
from tests.sample import ADA, BAO

PAGE = Path(__file__).parents[2] / "docs/keys.md"
BLOCK = re.compile(r"^ *```(sh|ini)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(chapter: str) -> Iterator[tuple[str, str]]:
    """What is to be run (sh) and to be set (ini), in the order of the page."""
    (said,) = re.findall(rf"(?ms)^## {chapter}$(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"))
    return ((found[1], found[2]) for found in BLOCK.finditer(said))


class Operator:
    """Follows the page, in a folder with two people. Our own commands need no process."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self._monkeypatch = home, monkeypatch
        monkeypatch.chdir(home)
        self.set("MOTCUA_ISSUER=https://id.example")
        self.set("MOTCUA_KEY_ENCRYPTION_KEY_FILE=kek")
        (home / "kek").write_bytes(b"k" * 32)
        (home / "kek").chmod(0o600)
        self.run("motcua migrate")
        source = people(home, listed(ADA), listed(BAO))
        self.run(f"motcua accounts add --from {source}")

    def set(self, line: str) -> None:
        name, value = line.split("=")
        if value:
            self._monkeypatch.setenv(name, value)
        else:
            self._monkeypatch.delenv(name)

    def run(self, command: str) -> str:
        words = shlex.split(command)
        if words[0] == "motcua":
            result = CliRunner().invoke(command_line, words[1:])
            assert result.exit_code == 0, result.output
            return result.stdout
        shell = ["/bin/sh", "-eu", "-c", command]
        subprocess.run(shell, cwd=self.home, check=True, stdin=subprocess.DEVNULL)
        return ""

    def follow(self, chapter: str) -> list[str]:
        """What each command said."""
        said = []
        for kind, text in blocks(chapter):
            for line in map(str.strip, text.splitlines()):
                if kind == "ini":
                    self.set(line)
                else:
                    said.append(self.run(line))
        return said

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "data/motcua.db", isolation_level=None)) as sql:
            return sql.execute(statement).fetchall()


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(tmp_path, monkeypatch)


def test_the_key_encryption_key_is_changed(operator: Operator) -> None:
    _, rewrapped, again, renewed = operator.follow("Change the key-encryption key")
    assert "8 data keys were wrapped anew" in rewrapped
    assert '"rewrapped": 0' in again
    assert renewed.count("a new one makes in 60 seconds") == 6
    assert os.environ["MOTCUA_KEY_ENCRYPTION_KEY_FILE"] == "kek.next"
    (operator.home / "kek").unlink()
    assert "sealing" in operator.run("motcua keys rewrap")


def test_a_data_key_is_changed(operator: Operator) -> None:
    [said] = operator.follow("Change a data key")
    assert "sealing: a new one makes in 60 seconds" in said
    operator.rows("UPDATE data_key SET makes_at = makes_at - 60000000 WHERE version > 1")
    assert "4 values were sealed anew" in operator.run("motcua keys rewrap")


def test_a_backup_is_restored_under_the_key_of_its_day(operator: Operator) -> None:
    (_, backup), (_, restore) = blocks("Restore a backup")
    operator.run(backup)
    operator.follow("Change the key-encryption key")
    operator.rows("DELETE FROM password")

    operator.set("MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE=kek")
    said = [operator.run(line) for line in restore.splitlines()]
    assert "8 data keys were wrapped anew" in said[-1]
    assert operator.rows("SELECT count(*) FROM password") == [(2,)]


def test_a_wrong_key_stops_every_command(operator: Operator) -> None:
    operator.run("rm kek; umask 077; head -c 32 /dev/urandom > kek")
    for command in ("keys list", "keys rewrap", "clients list", "outbox list"):
        refused = CliRunner().invoke(command_line, command.split())
        assert refused.exit_code == 3
        assert "not the one that this database is sealed with" in refused.output, command


def test_keys_are_moved_to_a_token(operator: Operator) -> None:
    """What is typed; ``tests/idp/signing/test_token.py`` has the token."""
    pin, listed_keys, planned = operator.follow("Move signing keys to a hardware module")
    assert (pin, listed_keys.split(":")[0]) == ("", "none yet")
    assert "ES256" in planned
    assert (operator.home / "pin").stat().st_mode & 0o077 == 0
    assert Settings().keys.provider == "pkcs11"
