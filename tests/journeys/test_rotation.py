"""Keys turn every five seconds under load, and nobody notices: K-08 on real parts."""

from pathlib import Path

from tests.journeys.turning import turn_under_load


def test_not_one_sign_in_fails_while_keys_turn(tmp_path: Path, postgres_url: str) -> None:
    outcome = turn_under_load(tmp_path, postgres_url, seconds=20)
    assert outcome.failures == [], "\n".join(outcome.failures)
    assert outcome.sign_ins > 20
    assert len(outcome.kids) >= 4, "both algorithms turned while people signed in"
