"""Keys that turn every few seconds under load: ``python -m tests.journeys.turning`` for 2 minutes.

``turning 120 token`` does it with keys that are made, and sign, in a token of SoftHSM. Two workers
on PostgreSQL; people sign in and agencies check every token with the key set that they have, and
look again at a key that they do not know. Ends with 1 if a single sign-in failed.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

from httpx2 import Client, Limits
from joserfc import jwt
from joserfc.jwk import KeySet

from idp.accounts.person import Person
from idp.migrate import migrate_postgres
from keys.statement import named_key
from oidc.endpoints.http import utc_now
from tests import servers
from tests.keys.signers import softhsm
from tests.keys.signers.softhsm import Token
from tests.oidc.values import CALLBACK, QUERY, VERIFIER
from tests.sample import ADA, BAO, furnish
from tests.served import Served, serving, sign_in
from tests.world import World, open_house_in, settings_for

ALGS = {"shop": "ES256", "old": "RS256"}
EVERY = 5
PATIENCE = 120.0  # seconds more: on a busy machine a key is not made at once
BRIEF = Limits(keepalive_expiry=1)  # well before the server gives up a connection that rests


@dataclass
class Agency:
    """``kids``: whose signatures it has seen."""

    http: Client
    client_id: str
    kids: set[str] = field(default_factory=set)
    keys: dict[str, Any] = field(default_factory=dict)

    def signs_in(self, cookie: str) -> None:
        """Raises what goes wrong."""
        asked = {**QUERY, "scope": "openid", "client_id": self.client_id}
        there = self.http.get("/authorize", params=asked, headers={"cookie": cookie})
        code = parse_qs(urlsplit(there.headers["location"]).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        tokens = self.http.post("/token", data=form).raise_for_status().json()
        subject = self.believed(tokens["id_token"])["sub"]
        bearer = {"authorization": f"Bearer {tokens['access_token']}"}
        said = self.http.get("/userinfo", headers=bearer).raise_for_status().json()
        assert said["sub"] == subject

    def believed(self, token: str) -> dict[str, Any]:
        kid = named_key(token) or ""
        if kid not in self.keys:
            self.keys = {it["kid"]: it for it in self.http.get("/jwks").json()["keys"]}
        self.kids.add(kid)
        only = KeySet.import_key_set({"keys": [self.keys[kid]]})
        return dict(jwt.decode(token, only, algorithms=[ALGS[self.client_id]]).claims)


@dataclass
class Outcome:
    sign_ins: int = 0
    failures: list[str] = field(default_factory=list)
    kids: dict[str, set[str]] = field(default_factory=lambda: {alg: set() for alg in ALGS.values()})

    def turned(self) -> bool:
        """Whether people have seen the keys of each algorithm turn."""
        return all(len(kids) > 1 for kids in self.kids.values())


def turn_under_load(
    home: Path, url: str, seconds: float, token: Token | None = None, crowd: int = 4
) -> Outcome:
    """Migrates and furnishes an empty database, serves it, and drives it.

    For so many seconds; where keys turn slowly, until they have.
    """
    asyncio.run(_furnished(home, url))
    turning = {"DATABASE_URL": url, "KEYS__DEMONSTRATION_SECONDS": str(EVERY)}
    changes = turning if token is None else {**turning, **token.settings()}
    outcome = Outcome()
    with (
        ThreadPoolExecutor(crowd + 1) as pool,
        serving(home, "--workers", "2", **changes) as served,
    ):
        pool.submit(_read_log, served, outcome)
        _wait_for_successors(served)
        cookie, end = _signed_in(served, ADA), monotonic() + seconds
        crowding = [pool.submit(_drive, served, it, cookie, outcome, end) for it in range(crowd)]
        wait(crowding)
        served.process.terminate()
        served.process.wait()
    return outcome


async def _furnished(home: Path, url: str) -> None:
    await migrate_postgres(url)
    now = utc_now()
    async with open_house_in(World(now), settings_for(home, database_url=url)) as world:
        await furnish(world.house.parts, now)


def _wait_for_successors(served: Served) -> None:
    with served.client() as http:
        while len(http.get("/jwks").json()["keys"]) < 10:
            sleep(0.1)


def _read_log(served: Served, outcome: Outcome) -> None:
    """A program whose log nobody reads stands still."""
    for line in served.process.stdout or ():
        said = json.loads(line)
        if said["level"] in ("warning", "error"):
            outcome.failures.append(line)


def _signed_in(served: Served, person: Person) -> str:
    answer = sign_in(served, person.password, person.identifier)
    assert answer.status_code == 303, answer.status_code
    return answer.headers["set-cookie"].partition(";")[0]


def _drive(served: Served, number: int, cookie: str, outcome: Outcome, end: float) -> None:
    """The first signs in by the form each time, the others go on with the session there is."""
    with Client(base_url=served.issuer, trust_env=False, timeout=30, limits=BRIEF) as http:
        agency = Agency(http, [*ALGS][number % len(ALGS)])
        while monotonic() < end or (monotonic() < end + PATIENCE and not outcome.turned()):
            try:
                agency.signs_in(cookie if number else _signed_in(served, BAO))
                outcome.sign_ins += 1
                outcome.kids[ALGS[agency.client_id]] |= agency.kids
            except Exception as error:  # noqa: BLE001  each is one that failed
                outcome.failures.append(repr(error))


def main(arguments: Sequence[str]) -> int:
    seconds = float(arguments[0]) if arguments else 120.0
    with tempfile.TemporaryDirectory(prefix="motcua-turning-") as folder, servers.postgres() as it:
        url = f"postgresql://motcua@127.0.0.1:{it.port}/postgres"
        token = softhsm.token(Path(folder), mine=True) if "token" in arguments else None
        outcome = turn_under_load(Path(folder), url, seconds, token)
    sys.stdout.write(
        f"{outcome.sign_ins} sign-ins in {seconds:.0f} s, {len(outcome.failures)} failed;"
        f" {sum(map(len, outcome.kids.values()))} keys signed\n"
    )
    sys.stdout.writelines(f"{why}\n" for why in outcome.failures[:10])
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
