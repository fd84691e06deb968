"""The signing service of the examples on a real port, and certificates for both sides."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from keys.signers.remote import Remote
from tests.ports import free_port
from tests.servers import wait_for

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Papers:
    """An authority, and what it has certified: the service and its caller."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        return self.folder / name

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self["service"], self["service.key"])
        context.load_verify_locations(self["authority"])
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def caller(self, port: int, *, authorities: str = "authority", name: str = "us") -> Remote:
        url = f"https://localhost:{port}"
        return Remote(url, self[authorities], self[name], self[f"{name}.key"])


def papers(folder: Path) -> Papers:
    authority = ec.generate_private_key(ec.SECP256R1())
    write(folder, "authority", authority, certificate("authority", authority, authority))
    for name in ("service", "us"):
        key = ec.generate_private_key(ec.SECP256R1())
        write(folder, name, key, certificate(name, key, authority))
    key = ec.generate_private_key(ec.SECP256R1())
    write(folder, "stranger", key, certificate("authority", key, key))
    return Papers(folder)


def certificate(name: str, key: Key, issuer: Key) -> x509.Certificate:
    today = datetime.now(UTC)
    own = key is issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=own, path_length=None), critical=True)
    )
    return builder.sign(issuer, hashes.SHA256())


def write(folder: Path, name: str, key: Key, certified: x509.Certificate) -> None:
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / name).write_bytes(certified.public_bytes(pem))
    octets = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / f"{name}.key").write_bytes(octets)


@contextmanager
def signing_service(known: Papers) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The program itself, on a port of its own."""
    port = free_port()
    said = {"PORT": str(port), "CERTIFICATE": str(known["service"])}
    said |= {"KEY": str(known["service.key"]), "CALLERS": str(known["authority"])}
    environment = {**os.environ, **{f"SIGNER_{name}": value for name, value in said.items()}}
    program = [sys.executable, "-m", "examples.signing_service"]
    with subprocess.Popen(program, env=environment, stderr=subprocess.DEVNULL) as process:
        wait_for(port)
        yield port, process
        process.kill()
