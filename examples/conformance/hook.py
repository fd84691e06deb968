"""A door on loopback for who runs the suite: ask for ``/rotate``, and the signing key is another.

One of the suite's modules asks for that by hand. This door belongs to the demonstration, not to the
provider: it calls the command line, as an operator would.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

MOTCUA = str(Path(sys.executable).with_name("motcua"))


class Door(BaseHTTPRequestHandler):
    """It inherits our environment, and so knows which provider is meant."""

    def do_GET(self) -> None:
        if self.path != "/rotate":
            self.send_error(404)
            return
        done = subprocess.run(
            [MOTCUA, "keys", "rotate"], capture_output=True, text=True, check=False
        )
        self.send_response(200 if done.returncode == 0 else 500)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write((done.stdout + done.stderr).encode())

    do_POST = do_GET  # noqa: N815  the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Nothing: the screen belongs to the suite's configuration."""


@contextmanager
def hook(port: int) -> Iterator[str]:
    """Its address, while it is open."""
    with ThreadingHTTPServer(("127.0.0.1", port), Door) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}/rotate"
        finally:
            server.shutdown()
