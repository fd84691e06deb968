"""An audit that audited nothing must not look like one that found nothing."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from house.audit import judge, known_faults, main, pins

ROOT = Path(__file__).parent.parent


def test_a_release_older_than_an_advisory_allows_is_a_fault() -> None:
    fixed = {"CVE-2024-33663": "python-jose 3.4.0"}
    assert known_faults({"python-jose": "3.3.0"}, fixed) == [
        "python-jose 3.3.0: CVE-2024-33663, fixed in 3.4.0"
    ]
    assert not known_faults({"python-jose": "3.4.0", "jinja2": "2.4.1"}, fixed)


def test_a_pin_that_the_service_knows_nothing_of_is_a_fault() -> None:
    told: list[dict[str, Any]] = [
        {"name": "one", "version": "1.0", "vulns": []},
        {"name": "two", "version": "2.0", "vulns": [{"id": "CVE-1"}]},
        {"name": "three", "skip_reason": "not found"},
    ]
    assert judge(told) == ["three: not audited", "two 2.0: CVE-1"]


def test_a_lock_with_a_known_fault_fails_the_audit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("house.audit.ask", lambda *_: None)  # as if nobody answered
    (tmp_path / "lock.txt").write_text("jinja2==3.1.5 \\\n    --hash=sha256:00\n")
    assert main([tmp_path / "lock.txt"]) == 1
    assert "jinja2 3.1.5: CVE-2025-27516" in capsys.readouterr().err
    (tmp_path / "lock.txt").write_text("jinja2==3.1.6 \\\n    --hash=sha256:00\n")
    assert main([tmp_path / "lock.txt"]) == 0
    assert "No advisory service answered" in capsys.readouterr().out


def test_locks_that_pin_nothing_fail_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("house.audit.ask", lambda *_: None)
    (tmp_path / "lock.txt").write_text("# nothing\n")
    assert main([tmp_path / "lock.txt"]) == 1


def test_every_pin_of_every_lock_is_seen() -> None:
    pinned = pins([ROOT / "locks/dev.txt"])
    assert pinned["async-timeout"]
    assert pinned["cryptography"]


@pytest.mark.parametrize(
    ("ci", "code"), [({"CI": "true"}, 1), ({"CI": "1"}, 1), ({"CI": ""}, 0), ({}, 0)]
)
def test_a_tool_that_cannot_be_had_fails_in_ci_alone(ci: dict[str, str], code: int) -> None:
    program = (
        "from house import tools as t\n"
        "t.TOOLS = {'Nothing': t.Tool('no-such-package', 'test', ('no-such-program',))}\n"
        "t.install = lambda packages: None\n"
        "raise SystemExit(t.main('test'))"
    )
    bare = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**bare, **ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stderr.startswith("Nothing could not be had (Debian: apt-get install no-such-")
