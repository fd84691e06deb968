"""``motcua outbox``: what was given up is seen, and can be tried again."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from idp.cli.commands import command_line
from store.outbox import MOST, NEVER
from tests.served import furnish

WAITING, DEAD = ("s1 shop", 1_000_000, 1, "ConnectError"), ("s2 bank", NEVER, MOST, "status 500")


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which commands run, with one message that waits and one that was given up."""
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTCUA_ISSUER", "https://id.example")
    monkeypatch.setenv("MOTCUA_KEY_ENCRYPTION_KEY_FILE", str(tmp_path / "kek"))
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    with closing(sqlite3.connect(tmp_path / "motcua.db")) as sql:
        sql.execute("DELETE FROM outbox")
        for message_id, due_at, attempts, failure in (WAITING, DEAD):
            sql.execute(
                "INSERT INTO outbox (message_id, kind, body, due_at, attempts, put_at, failure)"
                " VALUES (?, 'logout', x'00', ?, ?, 0, ?)",
                (message_id, due_at, attempts, failure),
            )
        sql.commit()
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(command_line, ["outbox", *words])


def test_what_waits_is_listed_the_dead_letters_first(there: Path) -> None:
    dead, waiting = json.loads(run("list", "--json").stdout)
    assert (dead["message_id"], dead["state"], dead["attempts"]) == ("s2 bank", "dead", MOST)
    assert (dead["failure"], dead["due_at"]) == ("status 500", None)
    assert (waiting["state"], waiting["due_at"]) == ("waiting", 1_000_000)
    table = run("list").stdout
    assert "status 500" in table
    assert "1970-01-01" in table


def test_a_dead_letter_is_tried_again(there: Path) -> None:
    assert run("retry", "s2 bank").stdout == "1 will be tried again\n"
    assert {it["state"] for it in json.loads(run("list", "--json").stdout)} == {"waiting"}
    assert run("retry").stdout == "0 will be tried again\n"


def test_all_of_them_are_tried_again_if_none_is_named(there: Path) -> None:
    assert run("retry").stdout == "1 will be tried again\n"


@pytest.mark.parametrize("name", ["s1 shop", "nothing"])
def test_what_is_no_dead_letter_is_not(there: Path, name: str) -> None:
    refused = run("retry", name)
    assert refused.exit_code == 1
    assert "no dead letters" in refused.stderr
