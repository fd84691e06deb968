"""The program speaks TLS by itself, where it is told to."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from examples.conformance.certificate import self_signed
from tests.ports import free_port
from tests.served import environment, serving, start


def spoken(port: int, authority: Path, highest: ssl.TLSVersion) -> tuple[str, str]:
    """The version and the cipher that are agreed on, by who trusts only this certificate."""
    context = ssl.create_default_context(cafile=authority)
    context.maximum_version = highest
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return secured.version() or "", (secured.cipher() or ("",))[0]


def pem(home: Path) -> dict[str, str]:
    certificate, key = self_signed()
    (home / "certificate.pem").write_text(certificate)
    (home / "key.pem").write_text(key)
    return {
        "TLS_CERTIFICATE_FILE": str(home / "certificate.pem"),
        "TLS_KEY_FILE": str(home / "key.pem"),
    }


def test_it_speaks_tls_with_a_certificate_of_its_own(home: Path) -> None:
    port = free_port()
    changes = {"ISSUER": f"https://localhost:{port}", "PORT": str(port), **pem(home)}
    with serving(home, **changes) as served:
        new = spoken(port, home / "certificate.pem", ssl.TLSVersion.TLSv1_3)
        old = spoken(port, home / "certificate.pem", ssl.TLSVersion.TLSv1_2)
        context = ssl.create_default_context(cafile=home / "certificate.pem")
        with served.client(verify=context) as http:
            said = http.get("/.well-known/openid-configuration").json()
        code, _, _ = served.stop()
    assert new[0] == "TLSv1.3"
    assert old == ("TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256")
    assert said["issuer"] == f"https://localhost:{port}"
    assert code == 0


def absent(home: Path) -> dict[str, str]:
    return {**pem(home), "TLS_CERTIFICATE_FILE": str(home / "nowhere.pem")}


def foreign(home: Path) -> dict[str, str]:
    said = pem(home)
    (home / "key.pem").write_text(self_signed()[1])
    return said


@pytest.mark.parametrize("spoilt", [absent, foreign])
def test_a_certificate_without_its_key_keeps_it_from_starting(
    home: Path, spoilt: Callable[[Path], dict[str, str]]
) -> None:
    process = start(environment(home, **spoilt(home)))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "the certificate and its key cannot be used" in said
