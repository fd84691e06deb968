"""Posting to an address that somebody else has chosen, over real sockets."""

import socket
import ssl
from asyncio import gather, to_thread, wait_for
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clients.courier import Courier, Undelivered
from clients.networks import Networks
from tests.desk import Desk, open_desk
from tests.ports import free_port

pytestmark = pytest.mark.anyio

HERE = Networks(loopback=True)
PATIENT = 10.0  # seconds: so long that only a test of patience comes to its end
FORM = {"logout_token": "a.b+c"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


async def post(
    url: str,
    networks: Networks = HERE,
    authorities: Path | None = None,
    patience: float = PATIENT,
) -> None:
    async with Courier(networks, patience=patience, authorities=authorities) as courier:
        await courier.post(url, FORM)


@pytest.mark.parametrize("status", [200, 204, 299])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_what_is_received_is_received_once_as_a_form(
    desk: Desk, status: int, host: str
) -> None:
    desk.status = status
    await post(desk.url("/a?b=c", host))

    assert (desk.got, desk.paths) == ([FORM], ["/a?b=c"])
    [head] = desk.heads
    assert head["host"] == f"{host}:{desk.port}"
    assert head["content-type"] == "application/x-www-form-urlencoded"
    assert "cookie" not in head


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 500, 503])
async def test_any_other_answer_is_none(desk: Desk, status: int) -> None:
    desk.status = status
    with pytest.raises(Undelivered, match=f"status {status}"):
        await post(desk.url())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed_elsewhere(desk: Desk, status: int) -> None:
    with open_desk() as other:
        desk.status, desk.headers = status, {"Location": other.url()}
        with pytest.raises(Undelivered, match=f"status {status}"):
            await post(desk.url())
        assert not other.got


async def test_who_does_not_answer_is_not_waited_for(desk: Desk) -> None:
    desk.open.clear()
    with pytest.raises(Undelivered, match="Time"):
        await post(desk.url(), patience=0.2)


async def test_of_an_answer_nothing_is_read_but_its_status(desk: Desk) -> None:
    desk.headers, desk.body = {"Content-Encoding": "gzip"}, b"no gzip" * (1 << 20)
    await post(desk.url())


async def test_no_cookie_is_kept(desk: Desk) -> None:
    desk.headers = {"Set-Cookie": "a=b"}
    async with Courier(HERE) as courier:
        await courier.post(desk.url(), FORM)
        await courier.post(desk.url(), FORM)
    assert not any("cookie" in head for head in desk.heads)


async def test_who_is_not_there_is_told_apart_from_who_refuses() -> None:
    with pytest.raises(Undelivered, match="ConnectError"):
        await post(f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(Undelivered, match="gaierror"):
        await post("http://nobody.invalid/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0177.0.0.1", "2130706433"])
async def test_nothing_of_ours_is_reached_however_its_address_is_written(
    desk: Desk, host: str
) -> None:
    with pytest.raises(Undelivered, match="not a public address"):
        await post(f"https://{host}:{desk.port}/", Networks())
    assert not desk.heard.is_set()


async def test_nothing_is_sent_in_the_open(desk: Desk) -> None:
    with pytest.raises(Undelivered, match="not https"):
        await post(desk.url(), Networks())


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999/", "ftp://127.0.0.1/"])
async def test_what_is_no_address_is_not_reached(url: str) -> None:
    with pytest.raises(Undelivered):
        await post(url)


async def test_a_service_with_an_address_of_the_newer_kind_is_reached_like_any_other() -> None:
    with pytest.raises(Undelivered, match="ConnectError"):
        await post(f"http://[::1]:{free_port()}/")


async def test_names_that_nobody_answers_for_hold_up_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait() and [])
    async with Courier(HERE, patience=0.2) as courier:
        lost = [courier.post(f"http://lost{number}.example/", FORM) for number in range(40)]
        told = await gather(*lost, return_exceptions=True)
        assert {str(error) for error in told} == {"TimeoutError"}
        try:
            assert await wait_for(to_thread(lambda: "free"), 1) == "free"
        finally:
            answered.set()


async def test_a_certificate_is_judged_by_the_name_that_was_registered(tmp_path: Path) -> None:
    certified(tmp_path, "localhost")
    known = tmp_path / "certificate"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    with open_desk(tls=tls) as desk:
        await post(f"https://localhost:{desk.port}/", authorities=known)
        with pytest.raises(Undelivered, match="ConnectError"):
            await post(f"https://127.0.0.1:{desk.port}/", authorities=known)
        with pytest.raises(Undelivered, match="ConnectError"):
            await post(f"https://localhost:{desk.port}/")
    assert desk.got == [FORM]


def certified(folder: Path, name: str) -> None:
    """A key, and a certificate that it has made for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "certificate").write_bytes(certificate.public_bytes(pem))
    (folder / "key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
