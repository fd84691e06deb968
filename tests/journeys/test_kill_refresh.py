"""``kill -9`` while refresh tokens are used: what was acknowledged is there, and good once.

RFC 9700 section 4.14.2; docs/adr/0019. For a public client, whose tokens are replaced at each use.
"""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

from httpx2 import Client, HTTPError, Response

from keys.secrets import ticket_digest
from oidc.endpoints.http import utc_now
from store.micros import MINUTE, SECOND
from tests.journeys.test_kill import kept, name
from tests.oidc.front import Browser
from tests.oidc.offline import allowed
from tests.ports import free_port
from tests.served import Served, serving
from tests.world import open_world

CROWD, ENOUGH = 8, 60
Used = list[dict[str, str]]
"""What one family was answered, one after the other; the first bought its code."""


async def families(home: Path) -> list[Used]:
    """What a person let as many services as there are in a crowd have, and one more."""
    async with open_world(home) as world:
        world.now = utc_now() - MINUTE
        person = Browser(world, world.browser())
        await person.sign_in()
        made: list[Used] = []
        for _ in range(CROWD + 1):
            world.now += SECOND
            made.append([await allowed(world, person)])
        return made


def refresh(http: Client, token: str) -> Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "app"}
    return http.post("/token", data=form)


def use(http: Client, family: Used) -> dict[str, str]:
    answer = refresh(http, family[-1]["refresh_token"])
    assert answer.status_code == 200, answer.text
    family.append(answer.json())
    return family[-1]


def go_on(served: Served, family: Used, everybody: list[Used], enough: Event) -> None:
    """Refresh after refresh, until nobody answers any more."""
    with served.client() as http:
        try:
            while True:
                use(http, family)
                if sum(map(len, everybody)) >= ENOUGH:
                    enough.set()
        except HTTPError:
            return


def generation(home: Path, family: Used) -> int:
    secret = family[0]["refresh_token"].rsplit(".", 2)[0]
    with closing(sqlite3.connect(home / "motcua.db")) as database:
        found = "SELECT generation FROM refresh_family WHERE family_digest = ?"
        [(number,)] = database.execute(found, (ticket_digest(secret),))
        return int(number)


def test_no_refresh_that_was_acknowledged_is_lost_or_good_twice(tmp_path: Path) -> None:
    quiet, *busy = asyncio.run(families(tmp_path))
    enough, port = Event(), str(free_port())
    with serving(tmp_path, PORT=port) as served, ThreadPoolExecutor(CROWD) as crowd:
        with served.client() as http:
            for _ in range(3):
                use(http, quiet)
        for family in busy:
            crowd.submit(go_on, served, family, busy, enough)
        assert enough.wait(timeout=60)
        served.process.kill()
        served.process.wait()

    told = [answer["access_token"] for family in (quiet, *busy) for answer in family]
    assert {*map(name, told)} <= kept(tmp_path)
    assert generation(tmp_path, quiet) == 3
    for family in busy:
        answered = len(family) - 1
        assert generation(tmp_path, family) in {answered, answered + 1}, "one was on its way"

    with serving(tmp_path, PORT=port) as served, served.client() as http:
        last = use(http, quiet)
        assert last["refresh_token"] not in {it["refresh_token"] for it in quiet[:-1]}
        again = refresh(http, quiet[2]["refresh_token"])  # replaced before the last one was
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        over = refresh(http, last["refresh_token"])
        assert (over.status_code, over.json()["error"]) == (400, "invalid_grant")
