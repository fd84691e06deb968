"""The program as it is started, in a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from time import monotonic, sleep
from typing import Any

from httpx2 import Client, HTTPError, Response

from tests.browser import Forms
from tests.ports import free_port
from tests.sample import ADA
from tests.world import beginning

MOTCUA = Path(sys.executable).with_name("motcua")
INHERITED = ("PATH", "SOFTHSM2_CONF")
ROOT = Path(__file__).parent.parent  # what is tested is what stands here


@dataclass
class Served:
    process: subprocess.Popen[str]
    issuer: str
    metrics: str

    def client(self, verify: SSLContext | bool = True) -> Client:
        """``verify``: whom it trusts, where TLS is spoken."""
        return Client(base_url=self.issuer, trust_env=False, timeout=30, verify=verify)

    def stop(self) -> tuple[int, list[dict[str, Any]], str]:
        """Asked to, as a service manager asks: exit code, log and what else was said."""
        self.process.send_signal(signal.SIGTERM)
        out, said = self.process.communicate(timeout=30)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], said


def furnish(home: Path) -> Path:
    """Put a database there in which nothing has happened yet."""
    for name, content in asyncio.run(beginning()).items():
        (home / name).write_bytes(content)
    (home / "kek").chmod(0o600)
    return home


def environment(home: Path, **changes: str) -> dict[str, str]:
    port = changes.get("PORT", str(free_port()))
    said = {
        "ISSUER": f"http://localhost:{port}",
        "PORT": port,
        "METRICS_PORT": str(free_port()),
        "DEMONSTRATION": "true",
        "KEY_ENCRYPTION_KEY_FILE": str(home / "kek"),
        "DATA": str(home),
        **changes,
    }
    ours = {f"MOTCUA_{name}": it for name, it in said.items()}
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**inherited, "PYTHONPATH": str(ROOT), **ours}


def start(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [MOTCUA, "serve", *words],
        env=env,
        cwd=env["MOTCUA_DATA"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(home: Path, *words: str, **changes: str) -> Iterator[Served]:
    env = environment(home, **changes)
    with start(env, *words) as process:
        served = Served(
            process,
            address(env),
            f"http://127.0.0.1:{env['MOTCUA_METRICS_PORT']}/metrics",
        )
        try:
            wait_until_ready(served)
            yield served
        finally:
            process.kill()


def address(env: dict[str, str]) -> str:
    """Where it answers: by its name with TLS, by its number without."""
    secured = "MOTCUA_TLS_KEY_FILE" in env
    return env["MOTCUA_ISSUER"] if secured else f"http://127.0.0.1:{env['MOTCUA_PORT']}"


def wait_until_ready(served: Served) -> None:
    end = monotonic() + 60
    with served.client(verify=False) as http:
        while monotonic() < end:
            if served.process.poll() is not None:
                raise AssertionError(served.process.communicate())
            try:
                if http.get("/readyz").status_code == 200:
                    return
            except HTTPError:
                sleep(0.05)
    raise TimeoutError


def sign_in(
    served: Served,
    password: str,
    identifier: str = ADA.identifier,
    trace: Callable[[str, Any], None] | None = None,
) -> Response:
    """``trace`` is told how far the form is."""
    with served.client() as http:
        page = http.get("/sign-in")
        form = Forms(page.text).found[0]
        # the cookie is Secure, and this is http on loopback: browsers send it, the client would not
        cookie = page.headers["set-cookie"].partition(";")[0]
        typed = {"identifier": identifier, "password": password, "action": "password"}
        return http.post(
            form.action,
            data={**form.values, **typed},
            headers={"cookie": cookie},
            extensions={"trace": trace} if trace else {},
        )
