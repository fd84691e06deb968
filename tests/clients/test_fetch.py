"""Fetching what lies at an address that somebody else has chosen, over real sockets."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.courier import LONGEST, Courier, Forbidden, Silent, Unfetched, Unsuitable
from clients.networks import Networks
from clients.trust import BadAuthorities
from tests.clients.test_courier import certified
from tests.desk import Desk, open_desk
from tests.ports import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(11)]

HERE = Networks(loopback=True)
PATIENT = 10.0  # seconds: so long that only a test of patience comes to its end
TYPES = ("application/json", "application/jwt")
KIND = {"Content-Type": "application/json"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        opened.headers, opened.body = KIND, b"[]"
        yield opened


async def get(
    url: str,
    networks: Networks = HERE,
    authorities: Path | None = None,
    patience: float = PATIENT,
) -> bytes:
    async with Courier(networks, patience=patience, authorities=authorities) as courier:
        return await courier.get(url, TYPES)


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON;charset=utf-8", TYPES[1]])
async def test_a_document_of_an_expected_type_is_fetched(desk: Desk, kind: str) -> None:
    desk.headers = {"Content-Type": kind}
    assert await get(desk.url("/jwks?a=b#c", "localhost")) == b"[]"
    [head] = desk.heads
    assert (desk.paths, head["accept"]) == (["/jwks?a=b"], "application/json, application/jwt")
    assert (head["host"], "cookie" in head) == (f"localhost:{desk.port}", False)


@pytest.mark.parametrize("kind", ["text/html", "application/jsonp", "", "application"])
async def test_another_type_is_none(desk: Desk, kind: str) -> None:
    desk.headers = {"Content-Type": kind}
    with pytest.raises(Unsuitable, match="media type"):
        await get(desk.url())


@pytest.mark.parametrize("status", [201, 204, 301, 302, 303, 307, 308, 400, 404, 500])
async def test_any_other_answer_is_none_and_nobody_is_followed_elsewhere(
    desk: Desk, status: int
) -> None:
    with open_desk() as other:
        desk.status, desk.headers = status, {**KIND, "Location": other.url()}
        with pytest.raises(Unsuitable, match=f"status {status}"):
            await get(desk.url())
        assert not other.paths


async def test_a_document_has_its_size(desk: Desk) -> None:
    desk.body = b"x" * LONGEST
    assert len(await get(desk.url())) == LONGEST
    desk.body += b"x"
    with pytest.raises(Unsuitable, match="too long"):
        await get(desk.url())


async def test_nothing_is_unpacked(desk: Desk) -> None:
    desk.headers = {**KIND, "Content-Encoding": "gzip"}
    with pytest.raises(Unsuitable, match="packed"):
        await get(desk.url())


async def test_who_does_not_answer_is_not_waited_for(desk: Desk) -> None:
    desk.open.clear()
    with pytest.raises(Silent, match="Time"):
        await get(desk.url(), patience=0.2)


async def test_who_is_not_there_is_silent() -> None:
    with pytest.raises(Silent, match="ConnectError"):
        await get(f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(Silent, match="gaierror"):
        await get("http://nobody.invalid/")


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://127.0.0.1:99999/", "ftp://127.0.0.1/", "https:///", "https://a b/"],
)
async def test_what_is_no_address_is_not_reached(url: str) -> None:
    with pytest.raises(Unfetched):
        await get(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0177.0.0.1", "2130706433", "[::1]"])
async def test_nothing_of_ours_is_reached(desk: Desk, host: str) -> None:
    with pytest.raises(Forbidden, match="not a public address"):
        await get(f"https://{host}:{desk.port}/", Networks())
    with pytest.raises(Forbidden, match="not https"):
        await get(f"http://{host}:{desk.port}/", Networks())
    assert not desk.heard.is_set()


async def test_a_name_that_means_one_thing_and_then_another_is_asked_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what was judged is what is connected to."""
    answers = iter([[(0, 0, 0, "", ("93.184.216.34", 443))], [(0, 0, 0, "", ("127.0.0.1", 443))]])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))
    with pytest.raises(Silent):
        await get(f"https://rebinding.example:{desk.port}/", Networks())
    assert not desk.heard.is_set()
    assert next(answers)


async def test_one_address_of_ours_among_many_is_one_too_many(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Forbidden, match="not a public address"):
        await get("https://both.example/", Networks())
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(Forbidden, match="no address"):
        await get("https://none.example/", Networks())


async def test_an_authority_of_our_own_may_be_named(tmp_path: Path) -> None:
    certified(tmp_path, "localhost")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    with open_desk(tls=tls) as desk:
        desk.headers, desk.body = KIND, b"[]"
        url = f"https://localhost:{desk.port}/"
        assert await get(url, authorities=tmp_path / "certificate") == b"[]"
        with pytest.raises(Silent, match="ConnectError"):
            await get(url)
        with pytest.raises(Silent, match="ConnectError"):
            await get(f"https://127.0.0.1:{desk.port}/", authorities=tmp_path / "certificate")


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_a_file_without_authorities_is_said_to_be_none(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "authorities"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadAuthorities, match="holds no certificate authorities"):
        Courier(HERE, authorities=file)
