"""K-17: ``motcua keys rewrap`` beside a program that serves, killed in the middle, run twice."""

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from idp.letters import BODY
from idp.settings import Settings
from idp.storage import open_storage
from keys.data_keys.states import WAIT
from keys.keks import Keks
from oidc.endpoints.http import utc_now
from store.outbox import NEVER
from tests.sample import ADA
from tests.served import MOTCUA, environment, serving, sign_in

LETTERS = 16000
OLD = "SELECT count(*) FROM outbox WHERE substr(body, 1, 5) = x'0200000001'"


async def seal(home: Path) -> None:
    """Many letters that nobody sends yet, under the first data key."""
    async with open_storage(_settings(home), utc_now) as storage:
        bodies = [
            (f"m-{number:05}", storage.vault.seal(b"{}", BODY.place(f"m-{number:05}")))
            for number in range(LETTERS)
        ]
    with sql(home) as database:
        database.executemany(
            "INSERT INTO outbox (message_id, kind, body, due_at, attempts)"
            " VALUES (?, 'x', ?, ?, 0)",
            [(name, body, NEVER) for name, body in bodies],
        )


async def opened(home: Path, **keks: Path) -> int:
    """How many letters open, of all."""
    async with open_storage(_settings(home, **keks), utc_now) as storage:
        with sql(home) as database:
            rows = database.execute("SELECT message_id, body FROM outbox WHERE kind = 'x'")
            return sum(storage.vault.open(body, BODY.place(name)) == b"{}" for name, body in rows)


def _settings(home: Path, **changes: Path) -> Settings:
    said: dict[str, Any] = {
        "issuer": "https://id.example",
        "data": home,
        "key_encryption_key_file": home / "kek",
    }
    return Settings(_env_file=None, **{**said, **changes})


@contextmanager
def sql(home: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(home / "motcua.db", timeout=20)) as database, database:
        yield database


def count(home: Path, statement: str = OLD) -> int:
    with sql(home) as database:
        return int(database.execute(statement).fetchone()[0])


def rewrap(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [MOTCUA, "keys", "rewrap", *words],
        env=env,
        cwd=env["MOTCUA_DATA"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(process: subprocess.Popen[str]) -> str:
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return out


def test_it_may_be_killed_and_run_twice_beside_a_program_that_serves(home: Path) -> None:
    asyncio.run(seal(home))
    env = environment(home)
    done(rewrap(env, "--renew", "sealing"))
    with sql(home) as database:  # a minute later
        database.execute("UPDATE data_key SET makes_at = makes_at - ? WHERE version > 1", (WAIT,))

    with rewrap(env) as killed:
        assert killed.stderr is not None
        assert killed.stderr.readline().endswith(" values sealed anew\n")
        killed.kill()
    assert 0 < count(home) < LETTERS
    assert asyncio.run(opened(home)) == LETTERS

    with sql(home) as database:  # half a minute later
        database.execute("UPDATE lease SET ends_at = 0 WHERE name = 'data keys'")
    with serving(home) as served:
        both = [rewrap({**env, "MOTCUA_ISSUER": served.issuer}, "--json") for _ in "ab"]
        assert sign_in(served, ADA.password).status_code == 303
        reports = [json.loads(done(process)) for process in both]
        assert {report["broken"] for report in reports} <= {0, None}
        end = monotonic() + 60
        while count(home) and monotonic() < end:
            sleep(0.1)
        assert count(home) == 0
    assert asyncio.run(opened(home)) == LETTERS


def test_a_program_lives_through_a_change_of_the_key_encryption_key(home: Path) -> None:
    asyncio.run(seal(home))
    (home / "next").write_bytes(b"n" * 32)
    (home / "next").chmod(0o600)
    new = {"key_encryption_key_file": home / "next"}
    with serving(home) as served:
        env = environment(home, KEY_ENCRYPTION_KEY_FILE=str(home / "next"))
        env["MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE"] = str(home / "kek")
        report = json.loads(done(rewrap(env, "--json")))
        assert report["kek"] == Keks([b"n" * 32]).first
        assert report["rewrapped"] > 0
        assert sign_in(served, ADA.password).status_code == 303
        assert served.stop()[0] == 0
    assert asyncio.run(opened(home, **new)) == LETTERS

    with pytest.raises(Exception, match="not the one that this database is sealed with"):
        asyncio.run(opened(home))
    refused = subprocess.run(
        [MOTCUA, "serve"],
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 3
    assert "not the one that this database is sealed with" in refused.stdout + refused.stderr
