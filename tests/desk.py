"""An agency's own server on loopback, as our server reaches it: it may be slow, or say anything."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Thread
from urllib.parse import parse_qs


@dataclass
class Desk:
    """``status`` is what it answers, once ``open`` is set. ``got``: what was posted, in order;
    ``posted``: as it came."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    open: Event = field(default_factory=Event)
    heard: Event = field(default_factory=Event)
    got: list[dict[str, str]] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str = "/logout", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def open_desk(
    *, port: int = 0, tls: SSLContext | None = None, slow: bool = False
) -> Iterator[Desk]:
    desk = Desk()
    if not slow:
        desk.open.set()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            """A caller that hung up."""

        def get_request(self) -> tuple[socket.socket, object]:
            connection, address = super().get_request()
            if tls is None:
                return connection, address
            return tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            ), address

    with Server(("127.0.0.1", port), handler(desk)) as server:
        desk.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield desk
        desk.open.set()
        server.shutdown()
        thread.join()


def handler(desk: Desk) -> type[BaseHTTPRequestHandler]:
    """Who answers at this desk."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["content-length"])).decode()
            desk.posted.append(said)
            desk.got.append({name: value for name, [value] in parse_qs(said).items()})
            self.do_GET()

        def do_GET(self) -> None:
            desk.paths.append(self.path)
            desk.heads.append({name.lower(): value for name, value in self.headers.items()})
            desk.heard.set()
            desk.open.wait(timeout=60)
            self.send_response(desk.status)
            for name, value in desk.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(desk.body)

        def do_DELETE(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            pass

    return Handler
