"""``motcua serve``: the program behind its port, in one process or in several.

SIGTERM and SIGINT drain: no new connections, those under way may finish. Neither the migrations'
library nor the command line's is imported here.
"""

import signal
import ssl
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from io import RawIOBase
from typing import TextIO

import uvicorn
from pydantic import ValidationError

from idp import logs, metrics
from idp.memory import garbage, pieces
from idp.settings import Settings
from idp.wire.connection import Connection
from oidc.asgi import Asgi

HELP = "Serve sign-in on the port that the settings name."
CANNOT_START = 3
# TLS 1.3, and of TLS 1.2 what RFC 9325 section 4.2 recommends.
CIPHERS = ":".join(
    f"ECDHE-{key}-AES{size}-GCM-{digest}"
    for size, digest in ((128, "SHA256"), (256, "SHA384"))
    for key in ("ECDSA", "RSA")
)


def application() -> Asgi:
    """What each worker runs; its settings come from the same environment."""
    garbage.rest()
    from idp.program import Program  # noqa: PLC0415  who only starts workers needs none of it

    sys.stdout = kept(sys.stdout)
    logs.configure()
    pieces.give_back()
    return Program(Settings(), garbage.resume)


def kept(output: TextIO) -> TextIO:
    """What keeps lines until it is told to flush: ``PYTHONUNBUFFERED`` keeps nothing.

    Then each line of the log is a call of the system, which costs more than the line.
    """
    if not isinstance(output.buffer, RawIOBase):
        return output
    return open(output.fileno(), "w", encoding=output.encoding, closefd=False)


def main(argv: Sequence[str]) -> int:
    """Returns the exit code: 0 after a stop that was asked for."""
    parser = ArgumentParser(prog="motcua serve", description=HELP)
    parser.add_argument("--workers", type=_positive, default=1, help="how many processes (1)")
    workers = parser.parse_args(argv).workers
    if workers > 1:
        garbage.resume()  # each worker rests for itself; this process only watches them
    logs.configure()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        settings = Settings()
        prove_certificate(settings)
        address = settings.metrics_host, settings.metrics_port
        with metrics.served(address, workers, settings.data):
            run(settings, workers)
    except ValidationError as error:
        return cannot_start(told(error))
    except Untrusted as error:
        return cannot_start(f"the certificate and its key cannot be used: {error}")
    except OSError as error:
        return cannot_start(f"the metrics port cannot be opened: {error.strerror}")
    return 0


def run(settings: Settings, workers: int) -> None:
    uvicorn.run(
        "idp.serve:application",
        factory=True,
        workers=workers,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Connection,
        ws="none",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # it would hide the proxy from the one who judges it: observed.py
        timeout_graceful_shutdown=settings.drain,
        ssl_certfile=settings.tls_certificate_file,
        ssl_keyfile=settings.tls_key_file,
        ssl_ciphers=CIPHERS,
    )


class Untrusted(Exception):
    """Why TLS cannot be spoken."""


def prove_certificate(settings: Settings) -> None:
    """Whether it is there and its key belongs to it, if there is one. Raises ``Untrusted``."""
    if settings.tls_certificate_file is None:
        return
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.tls_certificate_file, settings.tls_key_file)
    except OSError as error:
        raise Untrusted(error.strerror or "no certificate with its key") from error


def told(error: ValidationError) -> str:
    """Which settings are wrong and why, without their values."""
    faults = (
        f"{'MOTCUA_' + '__'.join(map(str, fault['loc'])).upper() if fault['loc'] else 'settings'}:"
        f" {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return "; ".join(faults)


def cannot_start(why: str) -> int:
    print(f"motcua: {why}", file=sys.stderr)  # noqa: T201  the command's answer
    return CANNOT_START


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise ArgumentTypeError("a number, at least 1")
    return int(text)
