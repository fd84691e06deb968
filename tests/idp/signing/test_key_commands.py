"""``motcua keys``: what there is, what comes next, and one key changed by a person."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from idp.cli.commands import command_line
from keys.algorithms import ALGORITHMS
from store.micros import HOUR
from tests.served import furnish

NEW_YEAR = 2_208_988_800_000_000  # of 2040
LONG_AGO = 1_767_225_600_000_000  # 1 January 2026
AGED = """
UPDATE signing_key SET demonstration = 0, created_at = :at, published_at = :at, changed_at = :at,
activated_at = CASE WHEN state = 'active' THEN :at END
"""
WHY = ("--reason", "a drill")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command where two keys of each algorithm were made long ago, in no demonstration."""
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTCUA_ISSUER", "https://id.example")
    monkeypatch.setenv("MOTCUA_KEY_ENCRYPTION_KEY_FILE", str(tmp_path / "kek"))
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "250")
    query(AGED, at=LONG_AGO)
    return lambda *words: CliRunner().invoke(command_line, ["keys", *words])


def query(statement: str, **values: Any) -> list[Any]:
    with closing(sqlite3.connect("motcua.db", isolation_level=None)) as sql:
        return sql.execute(statement, values).fetchall()


def said(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def kid(state: str, alg: str = "ES256") -> str:
    [[found]] = query(
        "SELECT kid FROM signing_key WHERE state = :state AND alg = :alg", state=state, alg=alg
    )
    return str(found)


def state(kid: str) -> str:
    [[found]] = query("SELECT state FROM signing_key WHERE kid = :kid", kid=kid)
    return str(found)


def test_a_key_is_shown_with_what_comes_next(run: Run) -> None:
    active, waiting = kid("active"), kid("published")
    [shown] = said(run("show", waiting, "--json"))
    assert (shown["kid"], shown["state"], shown["published_at"]) == (waiting, "published", LONG_AGO)
    assert [it["step"] for it in shown["next"]] == ["activate"]
    table = run("show", waiting).output
    assert "activate at 2026-04-01 00:00:00 UTC" in table
    assert "2026-01-01 00:00:00 UTC" in run("show", active).output
    assert (run("show", "k-9").exit_code, "keys list" in run("show", "k-9").output) == (1, True)


def test_the_plan_says_what_the_policy_does_and_when(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = said(run("plan", "--json"))
    assert {(it["alg"], it["step"]) for it in tasks} == {(alg, "activate") for alg in ALGORITHMS}
    assert "2026-04-01 00:00:00 UTC" in run("plan").output
    monkeypatch.setenv("MOTCUA_KEYS__ROTATE_DAYS", "31")
    assert "2026-02-01 00:00:00 UTC" in run("plan").output


def test_a_key_that_all_have_seen_is_activated(run: Run) -> None:
    old, new = kid("active"), kid("published")
    assert said(run("activate", new, "--json")) == [
        {"kid": old, "alg": "ES256", "was": "active", "state": "retiring"},
        {"kid": new, "alg": "ES256", "was": "published", "state": "active"},
    ]
    again = run("activate", new)
    assert (again.exit_code, "is active: it cannot activate" in again.output) == (1, True)
    [[body]] = query('SELECT body FROM event WHERE CAST(body AS TEXT) LIKE \'%"step":"activate"%\'')
    assert json.loads(body)["actor"].startswith("terminal: ")
    assert json.loads(body)["reason"] == "by hand"


def test_too_early_is_told_from_when_on(run: Run) -> None:
    """K-04."""
    new = kid("published")
    query("UPDATE signing_key SET published_at = :at WHERE kid = :kid", at=NEW_YEAR, kid=new)
    refused = run("activate", new)
    assert refused.exit_code == 1
    assert "it may from 2040-01-03 00:00:00 UTC on" in refused.output
    assert state(new) == "published"


def test_the_name_of_a_key_may_begin_with_a_hyphen(run: Run) -> None:
    query("UPDATE signing_key SET kid = '-' || substr(kid, 2) WHERE alg = 'ES256'")
    assert kid("active").startswith("-")
    assert said(run("show", kid("active"), "--json"))
    assert run("suspend", kid("active"), *WHY).exit_code == 0
    assert run("compromise", kid("suspended"), *WHY, "--json").exit_code == 0
    assert run("compromise", kid("compromised"), *WHY, "--jsn").exit_code == 2


def test_one_person_stops_a_key_and_shows_it_again(run: Run) -> None:
    old, new = kid("active"), kid("published")
    assert run("suspend", old).exit_code == 2, "it wants a reason"
    assert run("suspend", old, *WHY).exit_code == 0
    assert (state(old), state(new)) == ("suspended", "active")
    assert "suspended" in run("resume", old, *WHY).output
    assert state(old) == "published"
    refused = run("activate", old)
    assert (refused.exit_code, "it may from" in refused.output) == (1, True)


def test_a_lost_key_is_out_and_each_agency_hears_from_when_on_it_is_safe(run: Run) -> None:
    """K-13 and K-14."""
    lost, new = kid("active"), kid("published")
    [stopped] = said(run("compromise", lost, *WHY, "--json"))
    assert [(it["kid"], it["state"]) for it in stopped["keys"]] == [
        (lost, "compromised"),
        (new, "active"),
    ]
    trade, treasury = sorted(stopped["agencies"], key=lambda it: it["agency_id"])
    assert "old" not in trade["clients"], "it expects RS256"
    assert {"shop", "archive"} <= {*trade["clients"]}
    assert treasury["since"] == trade["since"] > LONG_AGO
    [[at]] = query("SELECT compromised_at FROM signing_key WHERE kid = :kid", kid=lost)
    assert trade["since"] - at == 901_000_000
    assert query("SELECT private_sealed FROM signing_key WHERE kid = :kid", kid=lost) == [(None,)]


def test_what_is_said_to_people_names_minutes(run: Run) -> None:
    table = run("compromise", kid("active", "RS256"), *WHY).output
    assert "in 15 min 1 s" in table
    assert "old" in table
    row = next(line for line in table.splitlines() if "treasury" in line)
    assert "now" in row, "none of its services expects RS256"


def test_a_key_that_was_gone_for_long_harms_nobody_any_more(run: Run) -> None:
    old = kid("active")
    run("activate", kid("published"))
    query("UPDATE signing_key SET state = 'retired' WHERE kid = :kid", kid=old)
    query("UPDATE signing_key SET changed_at = changed_at - :t WHERE kid = :kid", t=HOUR, kid=old)
    [stopped] = said(run("compromise", old, *WHY, "--json"))
    [[at]] = query("SELECT compromised_at FROM signing_key WHERE kid = :kid", kid=old)
    assert {it["since"] for it in stopped["agencies"]} == {at}


def test_refresh_tokens_of_chosen_clients_end_with_it(run: Run) -> None:
    refused = run("compromise", kid("active"), *WHY, "--revoke", "shop", "--revoke", "nobody")
    assert (refused.exit_code, "there is no client nobody" in refused.output) == (1, True)
    assert state(kid("active")) == "active"
    assert run("compromise", kid("active"), *WHY, "--revoke", "app").exit_code == 0
    [[body]] = query(
        "SELECT body FROM event WHERE CAST(body AS TEXT) LIKE '%RefreshTokensRevoked%'"
    )
    assert json.loads(body)["client_id"] == "app"
