"""The log's lines: one object each, a fault by its kind and place, whoever writes it."""

import json
import subprocess
import sys

PROGRAM = """
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
logs.request("the-request", "GET", "/token", 200, 17)
"""


def test_every_line_is_an_object_and_a_fault_repeats_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)

    lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.stderr == b""
    assert [line["event"] for line in lines] == ["fault", "something", "request"]
    assert {line["request_id"] for line in lines} == {"the-request"}
    assert [line.get("fault") for line in lines] == ["ValueError", "ValueError", None]
    assert lines[0]["at_lines"] == ["<string>:9"]
    assert b"001090000026" not in done.stdout
