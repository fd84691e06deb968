"""Sign-ins by passkey on one core: options, assertion, session. ``python -m bench.passkeys``.

Motcua as anybody would run it, every commit durable, on one core; the people and their
authenticators of software on the other. Beside the rate stands what a sign-in costs of a processor,
which is the same whatever else this machine does.
"""

import asyncio
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from httpx2 import AsyncClient, Client, Response

from bench.motcua_side import MOTCUA, PERSON, prepare, settings
from bench.processes import LOAD_CORE, cpu_seconds, running, wait_for
from oidc.endpoints.cookies import DEVICE
from tests.soft_passkey import Authenticator

PEOPLE, WARM, SIGN_INS = 16, 200, 2000
FORM = {"content-type": "application/x-www-form-urlencoded"}
PASSKEYS = "/account/passkeys"


def found(pattern: str, page: Response) -> str:
    got = re.search(pattern, page.text)
    if got is None:
        raise RuntimeError(f"{page.status_code}: {page.text[:2000]}")
    return unescape(got[1])


def options(page: Response) -> str:
    return found(r'data-options="([^"]+)"', page)


def token(page: Response) -> str:
    return found(r'name="csrf" value="([^"]+)"', page)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody has a browser of their own, and the same passkey."""

    http: AsyncClient
    device: Authenticator

    async def enrol(self) -> None:
        page = await self.http.get("/sign-in")
        cookies = dict(page.cookies)
        entered = {**PERSON, "csrf": token(page), "action": "password"}
        page = await self._send("/sign-in", entered, cookies)
        cookies |= dict(page.cookies)
        page = await self.http.get(PASSKEYS, headers=cookie(cookies))
        credential = self.device.register(options(page))
        added = {"csrf": token(page), "credential": credential, "action": "add"}
        page = await self._send(PASSKEYS, added, cookies)
        if not page.is_redirect:
            raise RuntimeError(page.text)

    async def sign_in(self, number: int) -> None:
        """In one browser, which is known again: only its first sign-in is told of by mail."""
        kept: dict[str, str] = {}
        for _ in range(number):
            page = await self.http.get("/sign-in", headers=cookie(kept))
            credential = self.device.sign_in(options(page))
            said = {"csrf": token(page), "credential": credential, "action": "passkey"}
            page = await self._send("/sign-in", said, {**kept, **page.cookies})
            if not page.is_redirect:
                raise RuntimeError(page.text)
            kept[DEVICE] = page.cookies[DEVICE]

    async def _send(
        self, path: str, said: Mapping[str, object], cookies: dict[str, str]
    ) -> Response:
        self.http.cookies.clear()
        headers = {**FORM, **cookie(cookies)}
        answer = await self.http.post(path, content=urlencode(said), headers=headers)
        self.http.cookies.clear()
        return answer


def cookie(cookies: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


async def measure(address: str, pid: int) -> str:
    async with AsyncClient(base_url=address) as http:
        people = People(http, Authenticator(origin=address))
        await people.enrol()
        await crowd(people, WARM)
        began, spent = time.monotonic(), cpu_seconds(pid)
        await crowd(people, SIGN_INS)
        seconds, spent = time.monotonic() - began, cpu_seconds(pid) - spent
    each = spent / SIGN_INS
    return (
        f"{SIGN_INS / seconds:.0f} sign-ins a second; {each * 1000:.2f} ms of a core each, "
        f"so that one core does {1 / each:.0f} a second"
    )


async def crowd(people: People, number: int) -> None:
    await asyncio.gather(*(people.sign_in(number // PEOPLE) for _ in range(PEOPLE)))


def main() -> None:
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    with TemporaryDirectory(prefix="motcua-bench-") as name, Client() as http:
        folder = Path(name)
        environment, log = settings(folder), folder / "motcua.log"
        prepare(folder, environment, "not used")
        address = environment["MOTCUA_ISSUER"]
        with running([MOTCUA, "serve"], environment, log) as pid:
            wait_for(http, f"{address}/readyz", log)
            print(asyncio.run(measure(address, pid)))


if __name__ == "__main__":
    main()
