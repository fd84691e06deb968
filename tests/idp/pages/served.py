"""A world behind a real HTTPS port, so that a real browser can walk through it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from store.micros import SECOND
from tests.ports import free_port
from tests.servers import wait_for
from tests.world import World, open_world

FILES = ("/static/", "/logo/")
"""A browser asks for them or has them; what the clock says does not hang on that."""

Opening = Callable[[Path], AbstractAsyncContextManager[World]]


@contextmanager
def serve(folder: Path, opening: Opening = open_world) -> Iterator[int]:
    """The port. The browser is told that it is everybody's."""
    port, certificate, key = free_port(), folder / "tls.pem", folder / "tls.key"
    self_signed(certificate, key)
    servers: list[uvicorn.Server] = []

    async def run() -> None:
        async with opening(folder) as world:

            async def app(scope: Any, receive: Any, send: Any) -> None:
                if not str(scope.get("path", "")).startswith(FILES):
                    world.now += SECOND  # each request comes a second after the one before
                await world.transport.app(scope, receive, send)

            config = uvicorn.Config(
                app,
                "127.0.0.1",
                port,
                ssl_certfile=certificate,
                ssl_keyfile=key,
                log_config=None,
                lifespan="off",
            )
            servers.append(uvicorn.Server(config))
            await servers[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        wait_for(port)
        yield port
    finally:
        for server in servers:
            server.should_exit = True
        thread.join()


def self_signed(certificate: Path, key: Path) -> None:
    """Good for nothing but this."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.example")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, kind, plain))
