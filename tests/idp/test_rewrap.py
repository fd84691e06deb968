"""``motcua keys rewrap``: one key-encryption key, or one data key, follows another (K-17)."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from keys.purposes import PURPOSES
from tests.idp.test_cli import Run, listed, people, run
from tests.sample import ADA, BAO

__all__ = ["run"]


def sql(statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect("data/motcua.db", isolation_level=None)) as database:
        return database.execute(statement).fetchall()


@pytest.fixture
def changed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Two people, and another key-encryption key than when they came."""
    source = people(tmp_path, listed(ADA), listed(BAO))
    assert run("accounts", "add", "--from", source).exit_code == 0
    Path("kek").rename("kek.before")
    Path("kek").write_bytes(b"n" * 32)
    Path("kek").chmod(0o600)
    monkeypatch.setenv("MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE", "kek.before")
    return run


def test_without_the_key_of_before_nothing_begins(
    changed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE")
    for words in (("keys", "list"), ("keys", "rewrap")):
        refused = changed(*words)
        assert refused.exit_code == 3
        assert "not the one that this database is sealed with" in refused.output
        assert "MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE" in refused.output


def test_all_data_keys_are_wrapped_anew_and_the_old_key_may_go(
    changed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = changed("keys", "rewrap")
    assert done.exit_code == 0, done.output
    assert f"{len(PURPOSES)} data keys were wrapped anew" in done.stdout
    assert "sealing" in done.stdout
    assert "making" in done.stdout

    monkeypatch.delenv("MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE")
    Path("kek.before").unlink()
    again = json.loads(changed("keys", "rewrap", "--json").stdout)
    assert (again["rewrapped"], again["resealed"], again["left"]) == (0, 0, {})
    assert {row["key_encryption_key"] for row in again["data_keys"]} == {again["kek"]}
    assert {row["purpose"] for row in again["data_keys"]} == {*PURPOSES}


def test_a_new_data_key_waits_and_then_all_is_sealed_anew(run: Run, tmp_path: Path) -> None:
    source = people(tmp_path, listed(ADA), listed(BAO))
    assert run("accounts", "add", "--from", source).exit_code == 0
    made = run("keys", "rewrap", "--renew", "sealing", "--renew", "csrf")
    assert "sealing: a new one makes in 60 seconds" in made.stdout
    assert "csrf: a new one makes in 60 seconds" in made.stdout
    assert "waiting" in made.stdout

    sql("UPDATE data_key SET makes_at = makes_at - 60000000 WHERE version > 0")
    report = json.loads(run("keys", "rewrap", "--json").stdout)
    assert (report["resealed"], report["broken"]) == (4, 0)
    assert {*report["left"].values()} == {0}
    heads = sql("SELECT DISTINCT hex(substr(number_sealed, 1, 5)) FROM account")
    assert heads == [("0200000002",)]
    assert [row["uses"] for row in report["data_keys"] if row["purpose"] == "sealing"] == [4, 0]
    assert "sealed anew" not in run("keys", "rewrap").stdout


def renew(run: Run) -> None:
    """The next data key makes from a minute ago on."""
    run("keys", "rewrap", "--renew", "sealing")
    sql("UPDATE data_key SET makes_at = makes_at - 60000000 WHERE version > 0")


def test_what_opens_with_no_key_is_said(run: Run, tmp_path: Path) -> None:
    run("accounts", "add", "--from", people(tmp_path, listed(ADA)))
    renew(run)
    sql("UPDATE account SET number_sealed = CAST(number_sealed || x'00' AS BLOB)")
    said = run("keys", "rewrap").stdout
    assert "1 values were sealed anew" in said
    assert "1 values open with no key there is" in said
    assert "account.number_sealed: 1 under older data keys" in said


def test_while_another_process_is_at_it_only_what_is_left_is_said(run: Run, tmp_path: Path) -> None:
    run("accounts", "add", "--from", people(tmp_path, listed(ADA)))
    renew(run)
    sql("INSERT INTO lease VALUES ('data keys', 'another', 9000000000000000)")
    said = run("keys", "rewrap").stdout
    assert "another process seals anew at this moment" in said
    assert "account.number_sealed: 1 under older data keys" in said


def test_many_values_are_told_of_on_the_way(run: Run, tmp_path: Path) -> None:
    run("accounts", "add", "--from", people(tmp_path, listed(ADA)))
    sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)"
        " INSERT INTO outbox SELECT i, 'notice', x'0200000001', 0, 0, NULL, 0, NULL FROM n"
    )
    renew(run)
    told = run("keys", "rewrap")
    assert "1001 values open with no key there is" in told.stdout


@pytest.mark.parametrize("purpose", ["sid", "identifier digest", "weather"])
def test_what_never_changes_cannot_be_renewed(run: Run, purpose: str) -> None:
    """K-27: another secret would give people other names."""
    refused = run("keys", "rewrap", "--renew", purpose)
    assert refused.exit_code == 1
    assert "what can be renewed is: sealing, one-time values, codes" in refused.output
    assert purpose not in refused.output.replace("one-time values", "")
