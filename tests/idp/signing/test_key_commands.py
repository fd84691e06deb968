"""``motcua keys``: what there is, what comes next, and one key changed by a person."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from idp.cli.commands import command_line
from keys.algorithms import ALGORITHMS
from store.micros import DAY, HOUR
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
    late = run("activate", old)
    assert (late.exit_code, "has signed for too long: let another sign" in late.output) == (1, True)
    query("UPDATE signing_key SET activated_at = changed_at WHERE kid = :kid", kid=old)
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


def test_services_that_named_an_address_for_it_are_told(run: Run) -> None:
    """K-14: their notices lie in the outbox, for whoever serves to send."""
    query(
        "UPDATE client SET metadata_json = json_set(metadata_json, '$.key_notices_uri',"
        " 'https://shop.example/keys') WHERE client_id IN ('shop', 'old')"
    )
    lost = kid("active")
    [stopped] = said(run("compromise", lost, *WHY, "--json"))
    assert [it["told"] for it in stopped["agencies"] if it["told"]] == [["shop"]], "old has RS256"
    listed = said(CliRunner().invoke(command_line, ["outbox", "list", "--json"]))
    assert {(it["kind"], it["message_id"]) for it in listed} == {
        ("lost key", f"{lost} {client}") for client in ("shop", "old")
    }
    table = run("compromise", kid("active"), *WHY).output
    assert re.search(r"│ trade .*│ shop +│ in 15 min", table)
    assert "Call these" not in table


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


def test_a_client_that_cannot_be_read_stops_no_emergency_stop(run: Run) -> None:
    query("UPDATE client SET metadata_json = '{' WHERE client_id = 'tax'")
    lost = kid("active")
    result = run("compromise", lost, *WHY, "--json")
    assert (result.exit_code, state(lost)) == (0, "compromised")
    assert "client tax cannot be read" in result.stderr
    [stopped] = said(result)
    assert stopped["unreadable"] == ["tax"]
    [its] = [it for it in stopped["agencies"] if "tax" in it["clients"]]
    assert (its["agency_id"], "tax" in its["told"]) == ("treasury", False)
    shown = run("readiness", kid("active"), "--json")
    assert "tax" not in {it["client_id"] for it in json.loads(shown.stdout)[0]["services"]}
    assert "Call these, too: tax." in run("compromise", kid("active"), *WHY).output


def test_a_client_that_cannot_be_read_may_believe_any_algorithm(run: Run) -> None:
    query("UPDATE client SET metadata_json = '{' WHERE client_id = 'tax'")
    [stopped] = said(run("compromise", kid("active", "RS256"), *WHY, "--json"))
    [its] = [it for it in stopped["agencies"] if it["agency_id"] == "treasury"]
    [[at]] = query("SELECT compromised_at FROM signing_key WHERE state = 'compromised'")
    assert (its["clients"], its["since"]) == (["tax"], at + 901_000_000)


NAME = "0123456789abcdef0123456789abcdef"
TOLD = """
UPDATE client SET metadata_json = json_set(metadata_json, '$.key_set_name', :name)
WHERE client_id = :client
"""
SIGNED_IN = """
INSERT INTO "grant" (grant_id, client_id, subject, account_id, scope, claims, created_at)
VALUES (:id, :client, 's', 'a', 'openid', '', :at)
"""
FETCHED = "INSERT INTO key_fetch VALUES (:client, :kid, :at, :at)"


def known(*clients: str) -> None:
    for client in clients:
        query(TOLD, name=NAME, client=client)


def sign_ins(at: int | None = None, **clients: int) -> None:
    moment = time.time_ns() // 1000 - 29 * DAY if at is None else at
    for client, times in clients.items():
        for number in range(times):
            query(SIGNED_IN, id=f"{client} {number} {moment}", client=client, at=moment)


@pytest.fixture
def behind(run: Run) -> str:
    """The next key: of those that can be told apart shop has it, bank and tax have not."""
    new = kid("published")
    known("shop", "bank", "tax", "old")
    sign_ins(shop=17, bank=2, app=1)
    query(FETCHED, client="shop", kid=new, at=LONG_AGO)
    return new


def test_who_has_a_key_and_who_has_not_is_shown(run: Run, behind: str) -> None:
    table = run("readiness").output
    row = next(line for line in table.splitlines() if behind in line)
    assert [it.strip() for it in row.strip("│").split("│")] == [
        behind, "ES256", "published", "1 of 3", "bank, tax", "10.0%", "7 (5.0%)", "no",
    ]  # fmt: skip
    assert "docs/keys.md" in table
    [shown] = said(run("readiness", behind, "--json"))
    assert not shown["ready"]
    assert shown["stale_share"] == pytest.approx(0.1)
    seen = {it["client_id"]: (it["key"], it["sign_ins"]) for it in shown["services"]}
    assert seen["shop"] == ("fetched", 17)
    assert seen["bank"] == ("not fetched", 2)
    assert seen["tax"] == ("not fetched", 0)
    assert seen["app"] == ("unknown", 1)
    assert "old" not in seen, "it expects RS256"
    each = run("readiness", behind).output
    [row] = [line for line in each.splitlines() if "│ shop" in line]
    assert "2026-01-01 00:00:00 UTC" in row
    assert "85.0%" in row
    nothing = run("readiness", "k-9")
    assert (nothing.exit_code, "motcua keys list" in nothing.output) == (1, True)


def test_where_every_service_is_known_nobody_is_called_unknown(run: Run) -> None:
    query("UPDATE client SET disabled_at = 1 WHERE client_id NOT IN ('shop', 'old')")
    known("shop", "old")
    assert "key_set_name" not in run("readiness").output


def test_sign_ins_of_more_than_thirty_days_ago_count_no_more(run: Run, behind: str) -> None:
    sign_ins(at=time.time_ns() // 1000 - 31 * DAY, bank=50)
    sign_ins(at=LONG_AGO, shop=1)
    [shown] = said(run("readiness", behind, "--json"))
    assert shown["stale_share"] == pytest.approx(0.1)


def test_a_key_that_too_few_have_is_refused_with_what_to_do(run: Run, behind: str) -> None:
    old = kid("active")
    refused = run("activate", behind)
    assert refused.exit_code == 1
    assert "10.0% of the sign-ins that it is for" in refused.output
    assert "not fetched it, bank, tax. Have them fetch" in refused.output
    assert f"motcua keys readiness {behind}" in refused.output
    assert "--override REASON" in refused.output
    assert (state(old), state(behind)) == ("active", "published")
    for nothing in ("", "  "):
        assert run("activate", behind, "--override", nothing).exit_code == 1
    assert state(behind) == "published"


def test_more_may_be_tolerated(run: Run, behind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_KEYS__STALE_PERCENT", "10")
    assert said(run("readiness", behind, "--json"))[0]["ready"]
    assert run("activate", behind).exit_code == 0
    assert state(behind) == "active"


def test_who_has_fetched_it_since_holds_it_no_more(run: Run, behind: str) -> None:
    query(FETCHED, client="bank", kid=behind, at=LONG_AGO)
    assert run("activate", behind).exit_code == 0


def test_whoever_overrides_is_written_down(run: Run, behind: str) -> None:
    assert run("activate", behind, "--override", "they were called").exit_code == 0
    assert state(behind) == "active"
    [[body]] = query("SELECT body FROM event WHERE CAST(body AS TEXT) LIKE '%they were called%'")
    event = json.loads(body)
    assert (event["type"], event["step"], event["kid"]) == ("KeyTurned", "activate", behind)
    assert event["behind"] == ["bank", "tax"]
    assert event["officers"] == [event["actor"]]
    assert event["actor"].startswith("terminal: ")


def test_an_emergency_is_not_held_and_says_who_is_behind(run: Run, behind: str) -> None:
    lost = kid("active")
    table = run("compromise", lost, *WHY).output
    assert (state(lost), state(behind)) == ("compromised", "active")
    assert "in 15 min 1 s" in table
    _, after = table.split(f"Not seen to have the key that signs now, {behind}:")
    names = [line.split("│")[1].strip() for line in after.splitlines() if line.startswith("│")]
    assert names[:2] == ["bank", "app"]
    assert "shop" not in names
    [stopped] = said(run("compromise", behind, *WHY, "--json"))
    assert stopped["successor"]["kid"] == kid("active")
    assert {it["key"] for it in stopped["successor"]["services"]} == {"not fetched", "unknown"}


def test_of_a_key_that_did_not_sign_nobody_is_behind(run: Run, behind: str) -> None:
    [stopped] = said(run("compromise", behind, *WHY, "--json"))
    assert stopped["successor"] is None
    query("UPDATE client SET disabled_at = 1")
    assert "Not seen" not in run("compromise", kid("active", "RS256"), *WHY).output


def test_the_address_of_a_client_is_shown(run: Run) -> None:
    known("shop")
    for client, address in (("shop", f"https://id.example/jwks/shop.{NAME}"), ("bank", None)):
        result = CliRunner().invoke(command_line, ["clients", "show", client, "--json"])
        assert said(result)[0]["key_set_address"] == address


def test_where_nothing_can_be_made_a_key_is_stopped_and_that_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-13: keys are made in a token that is not there."""
    for name, value in {
        "MODULE": "/no/such.so",
        "TOKEN_LABEL": "gone",
        "PIN_FILE": "/no/pin",
    }.items():
        monkeypatch.setenv(f"MOTCUA_KEYS__PKCS11__{name}", value)
    monkeypatch.setenv("MOTCUA_KEYS__PROVIDER", "pkcs11")
    query("DELETE FROM signing_key WHERE state = 'published'")
    suspect, lost = kid("active"), kid("active", "RS256")

    suspended = run("suspend", suspect, *WHY, "--json")
    compromised = run("compromise", lost, *WHY, "--json")

    assert [it["kid"] for it in said(suspended)] == [suspect]
    assert (state(suspect), state(lost)) == ("suspended", "compromised")
    assert "nothing signs with ES256" in suspended.stderr
    assert "nothing signs with RS256" in compromised.stderr
    assert [it["signs"] for it in said(compromised)] == [None]
    [due, *_] = said(run("plan", "--json"))
    assert (due["step"], due["kid"]) == ("activate", None)
    assert run("suspend", kid("active", "PS256"), *WHY).exit_code == 0


@pytest.mark.parametrize("words", [["list"], ["readiness"], ["plan"]], ids=str)
def test_in_a_narrow_terminal_every_kid_is_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """It is copied from there into the next command."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = run(*words).output.splitlines()
    for alg in ALGORITHMS:
        [line] = [line for line in lines if kid("published", alg) in line]
        assert line.split() == ["kid", kid("published", alg)]
    monkeypatch.setenv("COLUMNS", "250")
    assert any(
        kid("published") in line and "ES256" in line for line in run(*words).output.splitlines()
    )
