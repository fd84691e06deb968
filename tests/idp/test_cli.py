"""The command line: what it does, what it says, and how it ends."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner, Result

from clients.model import Client
from clients.secrets import ClientSecrets
from idp.cli import console
from idp.cli.commands import command_line
from idp.parts import Parts
from keys.algorithms import ALGORITHMS
from keys.secrets import digest
from store.micros import DAY
from tests.desk import open_desk
from tests.keys.samples import ec_key, public
from tests.keys.signers.service import papers
from tests.png import png
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


async def done(value: bytes | None) -> bytes | None:
    return value


def people(tmp_path: Path, *several: dict[str, Any]) -> str:
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


def test_a_list_says_how_surely_each_is_known(run: Run, tmp_path: Path) -> None:
    source = people(tmp_path, {**listed(ADA), "level": 2}, listed(BAO))
    assert run("accounts", "add", "--from", source).exit_code == 0
    with closing(sqlite3.connect("data/motcua.db")) as sql:
        levels = sql.execute("SELECT level FROM account ORDER BY rowid").fetchall()
    assert levels == [(2,), (1,)]
    source = people(tmp_path, {**listed(ADA), "level": 3})
    assert run("accounts", "add", "--from", source).exit_code == 1


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


def test_an_officer_resets_all_but_the_password(run: Run, tmp_path: Path) -> None:
    run("accounts", "add", "--from", people(tmp_path, listed(ADA)))
    with closing(sqlite3.connect(tmp_path / "data" / "motcua.db", isolation_level=None)) as sql:
        [account] = sql.execute("SELECT account_id FROM account").fetchone()
        held = {
            "totp": "(?, x'00', 0, 1, 0)",
            "recovery_code": "('a code', ?, 0, NULL)",
            "passkey": "('p', 'c', ?, x'00', 0, 'lost', 0, 0, '', '', 0, NULL)",
            "session": "('s', 'b', ?, 0, 'urn:nid:acr:2', 'pop user mfa', '', 0, ?, NULL, 'p')",
        }
        for table, values in held.items():
            sql.execute(
                f"INSERT INTO {table} VALUES {values}", [account, 1 << 60][: values.count("?")]
            )

        result = run("accounts", "reset", ADA.identifier)

        assert result.exit_code == 0, result.output
        assert "every session has ended" in result.output
        for table in ("totp", "recovery_code", "passkey"):
            assert sql.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert sql.execute("SELECT count(*) FROM password").fetchone() == (1,)
        assert sql.execute("SELECT ended_at IS NULL FROM session").fetchone() == (0,)
        bodies = [json.loads(body) for (body,) in sql.execute("SELECT body FROM event")]
        assert {"MeansReset", "SignedOut"} <= {it["type"] for it in bodies}
        told = sql.execute("SELECT count(*) FROM outbox WHERE kind = 'notice'").fetchone()
        assert told == (1,)
    assert run("accounts", "reset", typed=f"{ADA.identifier}\n").exit_code == 0
    assert run("accounts", "reset", STRANGER).exit_code == 1


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
    with closing(sqlite3.connect("data/motcua.db", isolation_level=None)) as sql:
        [[kept]] = sql.execute("SELECT metadata_json FROM client WHERE client_id = 'shop'")
        sql.execute("UPDATE client SET metadata_json = '{' WHERE client_id = 'shop'")
        assert run(*words).exit_code == 1, "there is one, whether it can be read or not"
        assert "none that can be read" in run("clients", "show", "shop").output
        sql.execute("UPDATE client SET metadata_json = ? WHERE client_id = 'shop'", (kept,))
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


def test_who_is_invited_may_register(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = run("clients", "invite")
    assert (off.exit_code, "MOTCUA_REGISTRATION__MODE" in off.output) == (1, True)
    monkeypatch.setenv("MOTCUA_REGISTRATION__MODE", "invited")
    (tmp_path / "agencies.toml").write_text(AGENCIES + PURPOSE.format(days=30))
    run("clients", "apply", "agencies.toml")
    words = ("--agency", "trade", "--purpose", "shopping", "--clients", "5", "--days", "2")
    [made] = as_json(run("clients", "invite", *words, "--json"))

    with closing(sqlite3.connect(tmp_path / "data/motcua.db")) as database:
        database.row_factory = sqlite3.Row
        [row] = database.execute("SELECT * FROM invite")
        kept = dict(row)
        events = b"".join(body for (body,) in database.execute("SELECT body FROM event"))
    assert kept["token_digest"] == digest(made["initial_access_token"])
    assert (kept["agency_id"], kept["purpose_id"], kept["remaining"]) == ("trade", "shopping", 5)
    assert kept["ends_at"] - kept["created_at"] == 2 * DAY
    assert b'"type":"ClientsInvited"' in events
    assert made["initial_access_token"].encode() not in events
    for wrong, said in (("--agency", "no such agency"), ("--purpose", "there is no purpose")):
        result = run("clients", "invite", wrong, "nobody")
        assert (result.exit_code, said in result.output) == (1, True), result.output


def test_how_a_client_asks_is_said_when_it_is_added(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [public(ec_key())]}))
    words = ("--agency", "trade", "--name", "Shop", *REDIRECT, "--jwks", "jwks.json")
    how = ("--request-object-signing-alg", "ES256", "--request-uri", "https://shop.example/r")
    must = ("--require-signed-request-object", "--require-pushed-authorization-requests")
    result = run("clients", "add", "shop", *words, *how, *must, "--no-require-pkce")
    assert result.exit_code == 0, result.output
    [shown] = as_json(run("clients", "show", "shop", "--json"))
    assert shown["request_uris"] == ["https://shop.example/r"]
    assert shown["request_object_signing_alg"] == "ES256"
    assert shown["require_signed_request_object"]
    assert shown["require_pushed_authorization_requests"]
    assert not shown["require_pkce"]


def test_whatever_a_file_says_of_a_client_can_be_said_when_it_is_added(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    words = ("--agency", "trade", "--name", "Shop", *REDIRECT)
    own = ("--frontchannel-logout-uri", "https://shop.example/out?in=a-frame")
    guards = ("--protected-resource", "https://api.shop.example")
    said = {
        "frontchannel_logout_session_required": "true",
        "userinfo_signed_response_alg": "ES256",
        "default_max_age": "3600",
        "default_acr_values": '["urn:nid:acr:1"]',
        "client_names": '{"vi": "Cửa hàng"}',
        "tos_uri": "https://shop.example/terms?of=use",
    }
    more = [word for name, text in said.items() for word in ("--set", f"{name}={text}")]
    [added] = as_json(run("clients", "add", "shop", *words, *own, *guards, *more, "--json"))

    [shown] = as_json(run("clients", "show", "shop", "--json"))
    assert added["client_secret"]
    assert shown["frontchannel_logout_uri"] == own[1]
    assert shown["protected_resource"] == guards[1]
    assert {name: shown[name] for name in said} == {
        "frontchannel_logout_session_required": True,
        "userinfo_signed_response_alg": "ES256",
        "default_max_age": 3600,
        "default_acr_values": ["urn:nid:acr:1"],
        "client_names": {"vi": "Cửa hàng"},
        "tos_uri": "https://shop.example/terms?of=use",
    }


def test_a_secret_that_must_be_read_back_is_sealed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    words = ("--agency", "trade", "--name", "Shop", *REDIRECT, "--auth", "client_secret_jwt")
    [added] = as_json(run("clients", "add", "shop", *words, "--json"))

    with closing(sqlite3.connect(tmp_path / "data/motcua.db")) as database:
        [[kept]] = database.execute("SELECT metadata_json FROM client")
    client = Client.model_validate_json(kept)
    opened = console.run(lambda parts, _: done(ClientSecrets(parts.storage.vault).open(client)))
    assert opened == added["client_secret"].encode()
    assert added["client_secret"] not in kept
    [shown] = as_json(run("clients", "show", "shop", "--json"))
    assert shown["token_endpoint_auth_signing_alg"] == "HS256"
    assert "client_secret_sealed" not in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("--agency", "nobody", *REDIRECT), "no such agency"),
        (("--agency", "trade", "--redirect-uri", "http://shop.example/cb"), "nothing was added"),
        (("--agency", "trade", *REDIRECT, "--auth", "telepathy"), "token_endpoint_auth_method"),
        (("--agency", "trade", *REDIRECT, "--purpose", "none"), "no purpose none"),
        (("--agency", "trade", *REDIRECT, "--set", "tos_uri"), "--set is NAME=VALUE"),
        (("--agency", "trade", *REDIRECT, "--set", "surprise=1"), "--set is NAME=VALUE"),
        (("--agency", "trade", *REDIRECT, "--set", "logo=x"), "--set is NAME=VALUE"),
        (("--agency", "trade", *REDIRECT, "--set", "client_secret_digest=x"), "--set is"),
        (("--agency", "trade", *REDIRECT, "--set", "request_uris=[x"), "no JSON"),
        (("--agency", "trade", *REDIRECT, "--set", "default_max_age=soon"), "default_max_age"),
        (("--agency", "trade", *REDIRECT, "--set", "tos_uri=http://x"), "nothing was added"),
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

    console.run(lambda parts, _: parts.custody.begin(NOON))

    keys = as_json(run("keys", "list", "--json"))
    assert {(key["alg"], key["state"], key["activated_at"]) for key in keys} == {
        (alg, "active", NOON) for alg in ALGORITHMS
    }
    lines = run("keys", "list").output.splitlines()
    kids = [line.split()[1] for line in lines if line.startswith("kid ")]
    assert kids == [key["kid"] for key in keys]
    begun = {line[12:].strip() for line in lines if line.startswith("activated at")}
    assert begun == {"2030-01-01 12:00:00 UTC"}


def test_only_a_demonstrations_keys_are_rotated_at_once(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def states() -> set[str]:
        return {key["state"] for key in as_json(run("keys", "list", "--json"))}

    console.run(lambda parts, _: parts.custody.begin(NOON))
    monkeypatch.setenv("MOTCUA_DEMONSTRATION", "false")
    assert run("keys", "rotate").exit_code == 1
    assert states() == {"active"}

    monkeypatch.setenv("MOTCUA_DEMONSTRATION", "true")
    assert run("keys", "rotate").exit_code == 0
    assert states() == {"active", "published", "retiring"}, "those that come next are shown"


def test_keys_that_are_rotated_without_successors_are_said_to_be_rotated(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As when the token is full, or the service that makes keys is out of order."""
    console.run(lambda parts, _: parts.custody.begin(NOON))
    monkeypatch.setenv("MOTCUA_DEMONSTRATION", "true")
    assert run("keys", "rotate").exit_code == 0
    known = papers(tmp_path)
    with open_desk(tls=known.server()) as desk:
        monkeypatch.setenv("MOTCUA_KEYS__PROVIDER", "remote")
        monkeypatch.setenv("MOTCUA_KEYS__REMOTE__URL", f"https://localhost:{desk.port}")
        for name, file in (("AUTHORITIES", "authority"), ("CERTIFICATE", "us"), ("KEY", "us.key")):
            known[file].chmod(0o600)
            monkeypatch.setenv(f"MOTCUA_KEYS__REMOTE__{name}_FILE", str(known[file]))
        rotated = run("keys", "rotate")
        states = {key["state"] for key in as_json(run("keys", "list", "--json"))}
    assert rotated.exit_code == 0, rotated.output
    assert "rotated: services see the new keys" in rotated.output
    assert "tries again: its answer is not as agreed" in rotated.output
    assert states == {"active", "retiring"}


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
        await parts.custody.begin(now)
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


def test_a_logo_is_looked_at_approved_and_removed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agencies.toml").write_text(AGENCIES)
    run("clients", "apply", "agencies.toml")
    run("clients", "add", "shop", "--agency", "trade", "--name", "Shop", *REDIRECT)
    (tmp_path / "shop.png").write_bytes(png())
    (tmp_path / "shop.svg").write_text("<svg/>")

    assert run("clients", "logo", "shop", "shop.png").output == "approved\n"
    [shown] = as_json(run("clients", "show", "shop", "--json"))
    assert len(shown["logo"]) == 32
    assert run("clients", "logo", "shop", "--remove").output == "removed\n"
    [shown] = as_json(run("clients", "show", "shop", "--json"))
    assert shown["logo"] == ""
    for words, said in (
        (("shop",), "give a picture"),
        (("shop", "shop.png", "--remove"), "give a picture"),
        (("shop", "shop.svg"), "nothing was approved: it is no PNG"),
        (("bank", "shop.png"), "no such client"),
        (("shop", "--remove"), "there is no logo"),
    ):
        refused = run("clients", "logo", *words)
        assert (refused.exit_code, said in refused.output) == (1, True), refused.output


def test_officers_are_invited_by_links_that_are_shown_once(run: Run) -> None:
    assert run("officers", "list").stdout.startswith("none yet")
    made = as_json(run("officers", "init", "--json"))
    again = run("officers", "init", "--hours", "1")

    assert len(made) == 2
    first, second = again.stdout.split()
    assert first.startswith("https://id.example/console/join?link=")
    assert {first, second}.isdisjoint(it["link"] for it in made)
    with closing(sqlite3.connect("data/motcua.db")) as sql:
        kept = [
            row[0] for row in sql.execute("SELECT link_digest FROM officer_link ORDER BY place")
        ]
    assert kept == [digest(it.partition("=")[2]) for it in (first, second)]


def test_once_there_are_two_officers_nobody_is_invited(run: Run) -> None:
    with closing(sqlite3.connect("data/motcua.db", isolation_level=None)) as sql:
        for place, name in ((1, "Day shift"), (2, "Night shift")):
            row = (f"o{place}", place, "security officer", name, f"h{place}", place)
            sql.execute("INSERT INTO officer VALUES (?, ?, ?, ?, ?, ?)", row)

    refused = run("officers", "init")

    assert refused.exit_code == 1
    assert "there are two officers already" in refused.stderr
    assert [it["name"] for it in as_json(run("officers", "list", "--json"))] == [
        "Day shift",
        "Night shift",
    ]
    assert "Night shift" in run("officers", "list").stdout
