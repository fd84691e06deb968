"""The log's lines: one object each, a fault by its kind and place, whoever writes it."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from idp import logs
from tests.sample import ADA
from tests.served import serving, sign_in

PROGRAM = """
import asyncio
import logging
import structlog
from idp import logs

logs.configure()
logs.REQUEST_ID.set("the-request")
try:
    raise ValueError("001090000026 is no good")
except ValueError:
    structlog.get_logger("motcua").exception("fault")
    logging.getLogger("a library").exception("something")


async def ended():
    logs.request("GET", "/token", 200, 1_700_000_000_000_017, 17)


asyncio.run(ended())
"""


def test_every_line_is_an_object_and_a_fault_repeats_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)

    lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.stderr == b""
    assert [line["event"] for line in lines] == ["fault", "something", "request"]
    assert {line["request_id"] for line in lines} == {"the-request"}
    assert [line.get("fault") for line in lines] == ["ValueError", "ValueError", None]
    assert lines[0]["at_lines"] == ["<string>:10"]
    assert b"001090000026" not in done.stdout


def test_it_goes_on_when_nobody_reads_its_log(home: Path) -> None:
    with serving(home) as served:
        assert served.process.stdout is not None
        served.process.stdout.close()
        with served.client() as http:
            refused = [http.post("/token", data={"client_id": "nobody"}) for _ in range(3)]
            figures = http.get(served.metrics).text
        wrong, right = sign_in(served, "not the password"), sign_in(served, ADA.password)
    assert {(it.status_code, it.json()["error"]) for it in refused} == {(401, "invalid_client")}
    assert (wrong.status_code, right.status_code) == (400, 303)
    assert "motcua_log_lines_lost_total 0.0" not in figures
    assert "motcua_log_lines_lost_total" in figures


@pytest.mark.anyio
async def test_a_thread_that_writes_in_between_stops_no_later_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting: list[bytes] = []
    left: list[bytes] = []

    def flush() -> None:
        left.extend(waiting)
        waiting.clear()

    class Crossed(logs.Output):
        """A thread has put its line there, and flushes just when the loop puts the first of its."""

        def _put(self, line: bytes) -> None:
            if line == b"a":
                self._flush()
            super()._put(line)

        def half(self, line: bytes) -> None:
            super()._put(line)

    buffer = SimpleNamespace(write=waiting.append, flush=flush)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=buffer))
    output = Crossed()
    output.half(b"of a thread")
    for line in (b"a", b"b"):
        output.write_soon(line)
    assert left == [b"of a thread"]
    await asyncio.sleep(0)
    assert left == [b"of a thread", b"a", b"b"]
