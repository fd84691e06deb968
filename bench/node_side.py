"""node-oidc-provider from npm, in memory, on the Node.js that PyPI has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from httpx2 import Client

from bench.processes import free_port, running, wait_for
from bench.side import Side
from house.node import NODE, install

HERE = Path(__file__).parent / "node"


@contextmanager
def node_side(folder: Path, http: Client, secret: str, *, beside: bool = False) -> Iterator[Side]:
    """``beside``: with whatever else it offers, for the comparison of answers."""
    install(HERE)
    port, log = free_port(), folder / "node.log"
    command = [NODE, str(HERE / "provider.mjs"), str(port)]
    environment = {"BENCH_SECRET": secret, "NODE_ENV": "production"}
    if beside:
        environment["BENCH_BESIDE"] = "true"
    with running(command, environment, log) as pid:
        wait_for(http, f"http://localhost:{port}/jwks", log)
        yield Side(
            name="node-oidc-provider",
            pid=pid,
            address=f"http://localhost:{port}",
            secret=secret,
            answers={"login": "nobody", "password": "nothing", "prompt": "consent"},
            authorize="/auth",
            introspection="/token/introspection",
            userinfo="/me",
        )
