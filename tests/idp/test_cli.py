"""The command line: what it does, what it says, and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner, Result

from idp.cli import console
from idp.cli.commands import command_line
from idp.parts import Parts
from tests.sample import ADA, BAO, PERSONAL, STRANGER
from tests.world import NOON

Run = Callable[..., Result]

AGENCIES = """
[[agency]]
agency_id = "trade"
domain = "shop.example"
[agency.names]
en = "Trade"
vi = "Bộ Thương mại"
"""
PURPOSE = """
[[purpose]]
purpose_id = "shopping"
access = "one_time"
max_duration_days = {days}
titles = {{ en = "Shopping", vi = "Mua sắm" }}
descriptions = {{ en = "A shop", vi = "Cửa hàng" }}
data_life = {{ en = "A day", vi = "Một ngày" }}
refusal = {{ en = "Nothing happens", vi = "Không sao" }}
cells = []
"""
CLIENT = """
[[client]]
client_id = "shop"
agency_id = "{agency}"
client_name = "Shop"
redirect_uris = ["https://shop.example/cb"]
token_endpoint_auth_method = "none"
purpose_id = "shopping"
"""
REDIRECT = ("--redirect-uri", "https://shop.example/cb")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in a folder with a migrated database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTCUA_ISSUER", "https://id.example")
    monkeypatch.setenv("MOTCUA_DEMONSTRATION", "true")
    monkeypatch.setenv("MOTCUA_KEY_ENCRYPTION_KEY_FILE", "kek")

    def command(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(command_line, words, input=typed)

    assert command("migrate").exit_code == 0
    return command


def as_json(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def people(tmp_path: Path, *several: dict[str, str]) -> str:
    file = tmp_path / "people.json"
    file.write_text(json.dumps(several))
    return str(file)


def listed(person: Any) -> dict[str, str]:
    return {"identifier": person.identifier, "password": person.password, "note": "hers"}


def test_a_list_of_people_is_added_once(run: Run, tmp_path: Path) -> None:
    source = people(tmp_path, listed(ADA), {**listed(BAO), "email": "bao@example.org"})
    for outcome in ("added", "there already"):
        result = run("accounts", "add", "--from", source, "--json")
        assert [line["outcome"] for line in as_json(result)] == [outcome] * 2
        assert not any(word in result.output for word in PERSONAL)


def test_one_person_is_added_by_what_is_typed(run: Run) -> None:
    typed = f"{ADA.identifier}\n{ADA.password}\n"
    assert run("accounts", "add", typed=typed).exit_code == 0
    again = run("accounts", "add", typed=typed)
    assert (again.exit_code, "there already" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"{ADA.identifier}\nfourteen chars\n", "at least 15 characters"),
        (f"{ADA.identifier}\npasswordpassword\n", "guessed first"),
        ("12345\nthree boats and a kite\n", "twelve digits"),
        ("", "twelve digits"),
    ],
)
def test_who_cannot_be_added_is_told_why(run: Run, typed: str, said: str) -> None:
    result = run("accounts", "add", typed=typed)
    assert (result.exit_code, said in result.output) == (1, True), result.output


def test_a_list_with_a_fault_names_its_place_and_no_value(run: Run, tmp_path: Path) -> None:
    source = people(tmp_path, listed(ADA), {"identifier": "12345"})
    result = run("accounts", "add", "--from", source)
    assert result.exit_code == 1
    assert "1" in result.output
    assert "12345" not in result.output


def test_unlocking_says_whether_there_is_anybody(run: Run, tmp_path: Path) -> None:
    run("accounts", "add", "--from", people(tmp_path, listed(ADA)))
    assert run("accounts", "unlock", ADA.identifier).exit_code == 0
    assert run("accounts", "unlock", typed=f"{ADA.identifier}\n").exit_code == 0
    assert run("accounts", "unlock", STRANGER).exit_code == 1


def test_a_registration_file_is_made_so_however_often(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "agencies.toml"
    reports = []
    for days in (1, 1, 2):
        file.write_text(AGENCIES + CLIENT.format(agency="trade") + PURPOSE.format(days=days))
        reports.append(as_json(run("clients", "apply", str(file), "--json")))
    assert [(it["kind"], it["name"]) for it in reports[0]] == [
        ("agency", "trade"),
        ("client", "shop"),
        ("purpose", "shopping"),
    ]
    assert [[it["change"] for it in report] for report in reports] == [
        ["added"] * 3,
        ["unchanged"] * 3,
        ["unchanged", "unchanged", "changed"],
    ]


def test_a_file_with_one_client_that_cannot_be_so_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "agencies.toml"
    first = AGENCIES + CLIENT.format(agency="trade") + PURPOSE.format(days=1)
    file.write_text(first)
    run("clients", "apply", str(file))
    other = AGENCIES.replace("trade", "other").replace("shop.example", "other.example")
    moved = CLIENT.format(agency="other").replace("shop.example", "other.example")
    file.write_text(other + moved + PURPOSE.format(days=2))

    result = run("clients", "apply", str(file))

    assert (result.exit_code, "client shop stays with its agency" in result.output) == (1, True)
    file.write_text(first)
    changes = {it["change"] for it in as_json(run("clients", "apply", str(file), "--json"))}
    assert changes == {"unchanged"}


@pytest.mark.parametrize(
    "content", ["no = [toml", "[surprise]\n", '[[agency]]\nagency_id = "A b"\n']
)
def test_of_a_file_with_faults_nothing_is_applied(run: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "agencies.toml"
    file.write_text(content)
    result = run("clients", "apply", str(file))
    assert (result.exit_code, "nothing was applied" in result.output) == (1, True)


def test_a_client_is_added_shown_listed_and_disabled(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    words = ("clients", "add", "shop", "--agency", "trade", "--name", "Shop", *REDIRECT)

    [added] = as_json(run(*words, "--json"))

    assert len(added["client_secret"]) == 43
    assert run(*words).exit_code == 1, "there is one already"
    [shown] = as_json(run("clients", "show", "shop", "--json"))
    assert shown["redirect_uris"] == ["https://shop.example/cb"]
    assert added["client_secret"] not in str(shown)
    assert "client_secret_digest" not in shown
    assert run("clients", "disable", "shop").exit_code == 0
    assert run("clients", "disable", "shop").exit_code == 1
    [listed] = as_json(run("clients", "list", "--json"))
    assert (listed["client_id"], listed["disabled"]) == ("shop", True)
    assert "shop" in run("clients", "list").output


def test_a_client_with_keys_gets_no_secret(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    words = ("--agency", "trade", "--name", "Shop", *REDIRECT, "--auth", "private_key_jwt")
    result = run("clients", "add", "shop", *words, "--jwks", "jwks.json", "--json")
    assert as_json(result) == [{"client_id": "shop"}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("--agency", "nobody", *REDIRECT), "no such agency"),
        (("--agency", "trade", "--redirect-uri", "http://shop.example/cb"), "nothing was added"),
        (("--agency", "trade", *REDIRECT, "--auth", "telepathy"), "token_endpoint_auth_method"),
        (("--agency", "trade", *REDIRECT, "--purpose", "none"), "no purpose none"),
    ],
)
def test_a_client_that_may_not_be_is_refused(
    run: Run, tmp_path: Path, changes: tuple[str, ...], said: str
) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    result = run("clients", "add", "shop", "--name", "Shop", *changes)
    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert run("clients", "show", "shop").exit_code == 1


def test_keys_are_listed_for_people_and_for_machines(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "motcua serve" in run("keys", "list").output
    assert as_json(run("keys", "list", "--json")) == []

    console.run(lambda parts, _: parts.keys.ensure(NOON))

    keys = as_json(run("keys", "list", "--json"))
    assert {(key["alg"], key["state"], key["activated_at"]) for key in keys} == {
        ("ES256", "active", NOON),
        ("ES256", "published", None),
        ("RS256", "active", NOON),
    }
    said = cells(run("keys", "list").output)
    assert [row[0] for row in said] == [key["kid"] for key in keys]
    assert {row[4].replace(" ", "") for row in said} == {"2030-01-0112:00:00UTC"}


def cells(table: str) -> list[list[str]]:
    """The rows of a table, with what was folded put together again."""
    rows: list[list[str]] = []
    for line in table.splitlines():
        if line.startswith("│"):
            parts = [part.strip() for part in line.strip("│").split("│")]
            if parts[1]:  # the name of an algorithm is never folded
                rows.append(parts)
            else:
                rows[-1] = [a + b for a, b in zip(rows[-1], parts, strict=True)]
    return rows


def test_settings_are_shown_without_their_secrets(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_REDIS_URL", "redis://:hunter2@127.0.0.1/0")
    assert "hunter2" not in run("settings").output
    assert "issuer" in run("settings", "--json").output


def test_without_settings_it_says_which_are_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MOTCUA_ISSUER")
    result = run("keys", "list")
    assert (result.exit_code, "MOTCUA_ISSUER" in result.output) == (3, True)


def test_before_migrating_it_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("elsewhere").mkdir()
    monkeypatch.setenv("MOTCUA_DATA", "elsewhere")
    result = run("keys", "list")
    assert (result.exit_code, "motcua migrate" in result.output) == (3, True), result.output


def test_what_is_kept_is_readable_by_nobody_else(run: Run, tmp_path: Path) -> None:
    async def look(parts: Parts, now: int) -> dict[str, int]:
        await parts.keys.ensure(now)
        await parts.storage.one_time.put("key", b"value", ttl=1)
        return modes(tmp_path / "data")

    found = console.run(look)

    names = [name + end for name in ("motcua.db", "one-time.db") for end in ("", "-shm", "-wal")]
    assert found == dict.fromkeys(names, 0o600)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_key_file_open_to_others_is_not_used(run: Run) -> None:
    run("keys", "list")
    Path("kek").chmod(0o644)
    result = run("keys", "list")
    assert (result.exit_code, "chmod 600" in result.output) == (3, True)


def test_the_program_itself(run: Run) -> None:
    motcua = Path(sys.executable).with_name("motcua")
    helped = subprocess.run([str(motcua), "--help"], capture_output=True, text=True, check=True)
    assert "accounts" in helped.stdout
    wrong = [str(motcua), "serve", "--workers", "0"]
    done = subprocess.run(wrong, capture_output=True, text=True, check=False, env=os.environ.copy())
    assert done.returncode == 2


@pytest.mark.parametrize("words", [("keys", "list"), ("clients", "list"), ("accounts", "unlock")])
def test_only_migrate_makes_a_database(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    result = run(*words, typed=ADA.identifier)
    assert result.exit_code == 3
    assert result.output.endswith("motcua: there is no database yet: run `motcua migrate`\n")
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("name", ["motcua.db", "one-time.db"])
def test_what_is_no_database_is_called_so(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / name).write_bytes(b"something else" * 1000)
    result = run("keys", "list")
    assert (result.exit_code, result.output) == (
        3,
        f"motcua: {name} is no database, or a broken one\n",
    )


def test_what_is_no_text_is_called_so(run: Run) -> None:
    for words in (("clients", "show", "\udcff"), ("clients", "disable", "a\0b")):
        result = run(*words)
        assert (result.exit_code, result.output) == (
            3,
            "motcua: what was given is no text that can be kept\n",
        )
