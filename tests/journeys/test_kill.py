"""``kill -9`` under load: what was acknowledged is there when the program comes back."""

import json
import sqlite3
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, urlsplit

from httpx2 import Client, HTTPError

from tests.oidc.values import CALLBACK, QUERY, VERIFIER
from tests.ports import free_port
from tests.sample import ADA
from tests.served import Served, serving, sign_in

Bought = list[tuple[str, str]]
"""Codes, and the access tokens they bought."""

ENOUGH = 40


def code(http: Client, cookie: str) -> str:
    asked = http.get("/authorize", params={**QUERY, "scope": "openid"}, headers={"cookie": cookie})
    return parse_qs(urlsplit(asked.headers["location"]).query)["code"][0]


def redeem(http: Client, code: str) -> tuple[int, dict[str, str]]:
    form = {
        "grant_type": "authorization_code",
        "client_id": "shop",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    answer = http.post("/token", data=form)
    return answer.status_code, answer.json()


def buy(served: Served, cookie: str, acknowledged: Bought, enough: Event) -> None:
    """Sign-in after sign-in, until nobody answers any more."""
    with served.client() as http:
        try:
            while True:
                bought = code(http, cookie)
                status, body = redeem(http, bought)
                assert status == 200
                acknowledged.append((bought, body["access_token"]))
                if len(acknowledged) >= ENOUGH:
                    enough.set()
        except HTTPError:
            return


def kept(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "motcua.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {event_id for (event_id,) in database.execute("SELECT event_id FROM event")}


def name(token: str) -> str:
    body = token.split(".")[1]
    return str(json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))["jti"])


def test_nothing_that_was_acknowledged_is_lost_or_good_twice(home: Path) -> None:
    acknowledged: Bought = []
    enough = Event()
    port = str(free_port())
    with serving(home, PORT=port) as served, ThreadPoolExecutor(8) as crowd:
        cookie = sign_in(served, ADA.password).headers["set-cookie"].partition(";")[0]
        for _ in range(8):
            crowd.submit(buy, served, cookie, acknowledged, enough)
        assert enough.wait(timeout=60)
        served.process.kill()
        served.process.wait()

    assert {name(token) for _, token in acknowledged} <= kept(home)

    with serving(home, PORT=port) as served, served.client() as http:
        _, last = acknowledged[-1]
        told = http.get("/userinfo", headers={"authorization": f"Bearer {last}"})
        assert (told.status_code, list(told.json())) == (200, ["sub"])
        for used, _ in acknowledged[-5:]:
            assert redeem(http, used)[1]["error"] == "invalid_grant"
        assert redeem(http, code(http, cookie))[0] == 200  # and the person is still signed in
