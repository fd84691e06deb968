"""A request's id, what proxies may say, and what becomes of a fault."""

import json
import re
from ipaddress import ip_network
from itertools import count
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from idp.logs import REQUEST_ID
from idp.observed import Observed

pytestmark = pytest.mark.anyio

HERE = (ip_network("127.0.0.0/8"),)  # where httpx says it comes from
ELSEWHERE = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
SAID = {
    "forwarded": "for=10.1.1.1",
    "x-forwarded-for": "10.1.1.1",
    "x-forwarded-proto": "https",
    "x-request-id": "a-request-of-our-proxy",
}
NUMBER = "001090000026"


class Inside:
    """An application that remembers what it saw."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.request_id = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.request_id = REQUEST_ID.get()
        if scope["path"] == "/fault":
            raise ValueError(f"{NUMBER} is no good")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        if scope["path"] == "/late":
            raise ValueError("too late to say so")


def client(inside: Inside, trusted: Any = ()) -> AsyncClient:
    ticks = count(step=5000)
    app = Observed(inside, lambda: next(ticks), {"/known"}, trusted)
    return AsyncClient(transport=ASGITransport(app), base_url="https://id.example")


async def test_a_request_has_an_id_and_its_answer_tells_it() -> None:
    inside = Inside()
    async with client(inside) as http:
        told = [(await http.get("/known")).headers["x-request-id"] for _ in range(2)]
    assert len(set(told)) == 2
    assert inside.request_id == told[-1]


@pytest.mark.parametrize("trusted", [(), ELSEWHERE], ids=["nobody", "another network"])
async def test_what_only_a_proxy_may_say_is_dropped_when_others_say_it(trusted: Any) -> None:
    inside = Inside()
    async with client(inside, trusted) as http:
        answer = await http.get("/known", headers={**SAID, "user-agent": "kept"})
    assert not SAID.keys() & inside.headers.keys()
    assert inside.headers["user-agent"] == "kept"
    assert answer.headers["x-request-id"] != SAID["x-request-id"]


async def test_a_trusted_proxy_is_believed() -> None:
    inside = Inside()
    async with client(inside, HERE) as http:
        answer = await http.get("/known", headers=SAID)
    assert answer.headers["x-request-id"] == SAID["x-request-id"]
    assert inside.headers["x-forwarded-for"] == SAID["x-forwarded-for"]


@pytest.mark.parametrize(
    ("host", "network", "trusted"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("::ffff:192.0.2.7", "192.0.2.0/24", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.0/120", True),
        ("::ffff:198.51.100.7", "192.0.2.0/24", False),
        ("2001:db8::7", "2001:db8::/32", True),
        ("2001:db8::7", "192.0.2.0/24", False),
        ("unix", "192.0.2.0/24", False),
        ("", "0.0.0.0/0", False),
    ],
)
async def test_a_proxy_is_known_however_a_socket_writes_its_address(
    host: str, network: str, trusted: bool
) -> None:
    inside = Inside()
    app = Observed(inside, lambda: 0, {"/known"}, (ip_network(network),))
    transport = ASGITransport(app, client=(host, 4711))
    async with AsyncClient(transport=transport, base_url="https://id.example") as http:
        await http.get("/known", headers=SAID)
    assert (inside.request_id == SAID["x-request-id"]) == trusted
    assert ("x-forwarded-for" in inside.headers) == trusted


@pytest.mark.parametrize("bad", ["short", "a" * 65, "two words here", 'a"b\\c"d"e"f'])
async def test_an_id_that_could_spoil_a_log_is_not_taken(bad: str) -> None:
    async with client(Inside(), HERE) as http:
        answer = await http.get("/known", headers={"x-request-id": bad})
    assert answer.headers["x-request-id"] != bad


async def test_a_fault_says_nothing_outside_and_its_place_inside() -> None:
    with capture_logs() as lines:
        async with client(Inside()) as http:
            answer = await http.get(f"/fault?number={NUMBER}")
    assert (answer.status_code, answer.text) == (500, "A fault.\n")
    assert [line["event"] for line in lines] == ["fault"]


async def test_an_answer_under_way_is_not_answered_again() -> None:
    async with client(Inside()) as http:
        assert (await http.get("/late")).status_code == 200


async def test_every_request_is_counted_and_has_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def counted(endpoint: str) -> float:
        labels = {"endpoint": endpoint, "status": "200"}
        return REGISTRY.get_sample_value("motcua_request_seconds_sum", labels) or 0

    before = counted("/known"), counted("other")
    async with client(Inside()) as http:
        await http.get("/known")
        await http.request(NUMBER, f"/{NUMBER}")
    assert (counted("/known"), counted("other")) == pytest.approx(
        (before[0] + 0.005, before[1] + 0.005)
    )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["method"], line["endpoint"], line["micros"]) for line in lines] == [
        ("GET", "/known", 5000),
        ("other", "other", 5000),
    ]
    assert all(re.fullmatch(r"[-0-9]{10}T[:0-9]{8}\.[0-9]{6}Z", line["at"]) for line in lines)
