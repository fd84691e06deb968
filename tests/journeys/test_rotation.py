"""Keys turn every five seconds under load, and nobody notices: K-08 on real parts."""

import asyncio
from pathlib import Path

import asyncpg

from tests.journeys.turning import Outcome, turn_under_load
from tests.keys.signers import softhsm


def nobody_noticed(outcome: Outcome) -> None:
    assert outcome.failures == [], "\n".join(outcome.failures)
    assert outcome.sign_ins > 20
    assert outcome.turned(), "both algorithms turned while people signed in"


def test_not_one_sign_in_fails_while_keys_turn(tmp_path: Path, postgres_url: str) -> None:
    nobody_noticed(turn_under_load(tmp_path, postgres_url, seconds=20))


def test_nor_while_they_move_into_a_token_and_turn_there(tmp_path: Path, postgres_url: str) -> None:
    token = softhsm.token(tmp_path, mine=True)
    outcome = turn_under_load(tmp_path, postgres_url, seconds=20, token=token)
    nobody_noticed(outcome)
    there = asyncio.run(made_there(postgres_url))
    assert all(kids & there for kids in outcome.kids.values()), "and signed there"


async def made_there(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT kid FROM signing_key WHERE provider = 'pkcs11'")
    finally:
        await connection.close()
    return {row["kid"] for row in rows}
