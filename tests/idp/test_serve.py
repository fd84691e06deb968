"""The program as it is started: its ports, its log, and how it stops."""

import json
import socket
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil
import pytest
from httpx2 import Response

from idp.serve import kept
from idp.wire.connection import LONGEST_HEAD
from tests.oidc.values import QUERY
from tests.sample import ADA, PERSONAL
from tests.served import Served, environment, serving, sign_in, start

WRONG = "not the password at all"
GUESSES = 16  # more than are checked while one question is answered


@pytest.mark.protocol(119)
def test_it_serves_logs_counts_and_stops(home: Path) -> None:
    with serving(home) as served:
        with served.client() as http:
            found = http.get("/.well-known/openid-configuration").json()
            query = {**QUERY, "unknown": "x" * 48 * 1024}
            asked = http.get("/authorize", params=query)
            long = http.get("/account", headers={"cookie": "; ".join(_cookies(48 * 1024))})
        wrong, right = sign_in(served, WRONG), sign_in(served, ADA.password)
        with served.client() as http:
            figures = http.get(served.metrics).text
        alone = list(home.glob("motcua-metrics-*"))
        memory = psutil.Process(served.process.pid).memory_info().rss
        code, log, said = served.stop()

    assert found["issuer"].startswith("http://localhost:")
    assert (asked.status_code, asked.headers["location"][:11]) == (303, "/sign-in?i=")
    assert (long.status_code, wrong.status_code, right.status_code) == (303, 400, 303)
    assert 'motcua_request_seconds_count{endpoint="/sign-in",status="303"} 1.0' in figures
    assert 'motcua_events_total{error="",kind="SignedIn"} 1.0' in figures
    assert alone == [], "one process needs no files for its figures"
    assert memory < 150 * 1024 * 1024
    assert (code, said) == (0, "")
    assert {line["request_id"] for line in log if line["event"] == "request"}
    assert all({"at", "level", "event"} <= line.keys() for line in log)
    for word in (*PERSONAL, WRONG):
        assert word not in json.dumps(log, ensure_ascii=False)


def test_an_output_that_keeps_no_lines_is_made_to_keep_them(tmp_path: Path) -> None:
    """As ``PYTHONUNBUFFERED`` makes it."""
    file = tmp_path / "log"
    with TextIOWrapper(file.open("wb", buffering=0)) as bare, kept(bare) as output:
        assert kept(output) is output
        output.buffer.write(b"a line\n")
        assert file.read_bytes() == b""
        output.flush()
        assert file.read_bytes() == b"a line\n"


@pytest.mark.parametrize(
    ("trusted", "believed"), [('["127.0.0.0/8"]', True), ('["203.0.113.0/24"]', False)]
)
def test_a_request_keeps_the_name_that_our_proxy_gave_it(
    home: Path, trusted: str, believed: bool
) -> None:
    given = {"x-request-id": "named-by-our-proxy", "x-forwarded-for": "203.0.113.7"}
    with serving(home, TRUSTED_PROXIES=trusted) as served:
        with served.client() as http:
            answer = http.get("/healthz", headers=given)
        _, log, _ = served.stop()
    told = [line["request_id"] for line in log if line.get("endpoint") == "/healthz"]
    assert told == [answer.headers["x-request-id"]]
    assert (told == [given["x-request-id"]]) == believed


def test_what_is_under_way_is_finished_before_it_stops(home: Path) -> None:
    """What was sent before a later question that is answered has been read."""
    answers: list[Response] = []
    with serving(home, HASH_THREADS="1") as served:
        guesses = [Guess(served, answers, number) for number in range(GUESSES)]
        for guess in guesses:
            guess.start()
        for guess in guesses:
            assert guess.sent.wait(60)
        with served.client() as http:
            assert http.get("/healthz").status_code == 200
        code, _, _ = served.stop()
        for guess in guesses:
            guess.join()
    assert code == 0
    assert [answer.status_code for answer in answers] == [400] * GUESSES


class Guess(Thread):
    """A stranger tries a password; ``sent`` is set once all of it has left."""

    def __init__(self, served: Served, answers: list[Response], number: int) -> None:
        super().__init__()
        self.sent = Event()
        self._served = served
        self._answers = answers
        self._identifier = f"{number:012}"

    def run(self) -> None:
        self._answers.append(sign_in(self._served, WRONG, self._identifier, self._trace))

    def _trace(self, step: str, _: Any) -> None:
        if step == "http11.send_request_body.complete":
            self.sent.set()


def test_several_workers_share_a_port_and_their_figures(home: Path) -> None:
    with serving(home, "--workers", "2") as served:
        for _ in range(30):
            with served.client() as http:
                assert http.get("/healthz").status_code == 200
        with served.client() as http:
            figures = http.get(served.metrics).text
        workers = psutil.Process(served.process.pid).children(recursive=True)
        shared = list(home.glob("motcua-metrics-*"))
        code, _, _ = served.stop()
    assert 'motcua_request_seconds_count{endpoint="/healthz",status="200"} 30.0' in figures
    assert len(shared) == 1, "in the data folder: on a read-only root there may be no other"
    assert not shared[0].exists()
    assert len(workers) >= 2
    assert code == 0
    assert psutil.wait_procs(workers, timeout=10)[1] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ISSUER": "http://id.example"}, "https"),
        ({"PORT": "none"}, "MOTCUA_PORT"),
        ({"KEY_ENCRYPTION_KEY_FILE": "/nowhere/kek", "DEMONSTRATION": "false"}, "https"),
        ({"DATA": "{empty}"}, "motcua migrate"),
        ({"DATA": "{broken}"}, "motcua.db is no database"),
    ],
    ids=str,
)
def test_what_keeps_it_from_starting_is_one_sentence(
    home: Path, changes: dict[str, str], sentence: str
) -> None:
    empty = home / "empty"
    empty.mkdir()
    broken = home / "broken"
    broken.mkdir()
    (broken / "motcua.db").write_bytes(b"something else" * 1000)
    told = {name: value.format(empty=empty, broken=broken) for name, value in changes.items()}
    process = start(environment(home, **told))
    out, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert sentence in out + said
    assert "Traceback" not in out + said


@pytest.mark.parametrize("port", ["PORT", "METRICS_PORT"])
def test_a_port_that_is_taken_is_named(home: Path, port: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = environment(home, **{port: str(taken.getsockname()[1])})
        process = start(env)
        out, said = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "in use" in out + said
    assert "Traceback" not in out + said


def _cookies(size: int) -> list[str]:
    return [f"agency-{number}={'c' * 1000}" for number in range(size // 1000)]


def test_a_head_without_end_is_cut_off(home: Path) -> None:
    with serving(home) as served:
        port = int(served.issuer.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\ncookie: ")
            with suppress(ConnectionError):
                raw.sendall(b"c" * 2 * LONGEST_HEAD)
                assert raw.recv(64).startswith(b"HTTP/1.1 400 ")
                while raw.recv(65536):
                    pass
        with served.client() as http:
            assert http.get("/healthz").status_code == 200
            assert http.post("/token", content=b"a" * LONGEST_HEAD * 2).status_code in {400, 413}
            assert http.get("/healthz").status_code == 200
