"""Apache with mod_auth_openidc, as Debian has them, over TLS on loopback, with a service behind it.

Where we are root it runs as nobody, in a folder of its own: it listens on no low port.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests import servers
from tests.interop.running import running
from tests.interop.stage import Stage

MODULES = (
    *("mpm_event", "authn_core", "authz_core", "authz_user", "env", "proxy", "proxy_http"),
    *("socache_shmcb", "ssl", "auth_openidc"),
)
FRAME = """\
ServerRoot "{folder}"
DefaultRuntimeDir "{folder}"
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
LogLevel warn auth_openidc:warn
ServerName localhost
{modules}
DocumentRoot "{folder}"
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
"""
HOST = """\
Listen 127.0.0.1:{port} https
<VirtualHost 127.0.0.1:{port}>
ServerName localhost
SSLEngine on
SSLCertificateFile "{folder}/certificate.pem"
SSLCertificateKeyFile "{folder}/key.pem"
OIDCCABundlePath "{folder}/certificate.pem"
{said}
</VirtualHost>
"""


class Service(BaseHTTPRequestHandler):
    """It greets whoever Apache says has come."""

    def do_GET(self) -> None:
        name = self.headers.get("OIDC_CLAIM_name", "stranger")
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"Hello, {name.encode('latin-1').decode('utf-8')}".encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def service() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


@contextmanager
def apache(stage: Stage, hosts: Mapping[int, str], **env: str) -> Iterator[None]:
    """``hosts``: by their ports, their directives, and what these take from the environment."""
    binary = servers.program("Apache")
    places = Path(servers.program("mod_auth_openidc")).parent
    modules = "\n".join(f"LoadModule {name}_module {places}/mod_{name}.so" for name in MODULES)
    with servers.folder() as folder:
        for name in ("certificate.pem", "key.pem"):
            (folder / name).write_bytes((Path(stage.env["MOTCUA_DATA"]) / name).read_bytes())
        whole = [FRAME.format(folder=folder, modules=modules)]
        whole += (HOST.format(folder=folder, port=port, said=said) for port, said in hosts.items())
        (folder / "apache.conf").write_text("".join(whole))
        command = [binary, "-f", str(folder / "apache.conf"), "-DFOREGROUND"]
        with running(command, next(iter(hosts)), folder, env, **servers.nobody_special()):
            yield
