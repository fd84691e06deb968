"""Each command of docs/keys.md is run, in its order; the drill where somebody serves."""

import json
import re
import shlex
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clients.rules import faults
from clients.source_networks import apart
from idp.cli.commands import command_line
from store.micros import SECOND
from tests.idp.signing.test_key_commands import Run, kid, run, state
from tests.ports import free_port
from tests.sample import client
from tests.served import Served, environment, serving

__all__ = ["run"]  # the fixture
PAGE = Path(__file__).parents[3] / "docs" / "keys.md"
NAMES = {
    "$ACTIVE": ("active", "ES256"),
    "$NEXT": ("published", "ES256"),
    "$SUSPENDED": ("suspended", "ES256"),
    "$HELD": ("published", "RS256"),
}


def commands(group: str = "keys") -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).splitlines()
    return [shlex.split(line)[2:] for line in lines if line.startswith(f"motcua {group} ")]


def test_what_the_runbook_says_can_be_done(run: Run) -> None:
    data_keys = "rewrap"  # tests/idp/test_keys_page.py runs those chapters
    done = [words for words in commands() if words[0] not in {"drill", data_keys}]
    assert len(done) == 10
    for words in done:
        said = [kid(*NAMES[word]) if word in NAMES else word for word in words]
        result = run(*said)
        assert result.exit_code == 0, (said, result.output)
    assert state(kid("compromised")) == "compromised"
    assert state(kid("active")) == "active"


def test_what_the_runbook_registers_tells_a_service_apart() -> None:
    [said] = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    shop = client("shop", **tomllib.loads(said))
    assert faults(shop, demonstration=False) == ()
    assert shop.key_set_name
    assert apart({"shop": shop.source_networks}) == {"shop"}


def test_an_emergency_is_practised(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-13 and K-14: seen from outside, at both workers, within ten seconds."""
    assert ["drill"] in commands()
    port = str(free_port())
    for name, value in environment(home, PORT=port).items():
        monkeypatch.setenv(name, value)
    nobody = CliRunner().invoke(command_line, ["keys", "drill"])
    assert (nobody.exit_code, "nobody answers" in nobody.output) == (1, True), nobody.output

    with ThreadPoolExecutor(1) as pool, serving(home, "--workers", "2", PORT=port) as served:
        pool.submit(read_log, served)
        result = CliRunner().invoke(command_line, ["keys", "drill", "--json"])
        served.process.terminate()
        served.process.wait()

    assert result.exit_code == 0, result.output
    [said] = json.loads(result.stdout)
    signs, hidden, refused, told, succeeded = (it["after"] for it in said["times"])
    assert max(signs, hidden, refused, told) < 10 * SECOND
    assert succeeded < 60 * SECOND
    assert {it["agency_id"] for it in said["agencies"]} == {"trade", "treasury"}


def read_log(served: Served) -> None:
    """A program whose log nobody reads stands still."""
    for _ in served.process.stdout or ():
        pass


def test_only_a_demonstration_gives_up_a_key_for_practice(run: Run) -> None:
    refused = run("drill")
    assert (refused.exit_code, "only a demonstration" in refused.output) == (1, True)
    assert state(kid("active")) == "active"


def test_what_it_says_of_officers_can_be_done(run: Run) -> None:
    done = commands("officers")
    assert done == [["init"], ["list"]]
    for words in done:
        result = CliRunner().invoke(command_line, ["officers", *words])
        assert result.exit_code == 0, result.output
