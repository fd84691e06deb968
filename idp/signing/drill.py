"""An emergency for practice: a signing key is given up in a demonstration that serves, and timed.

It does what ``motcua keys compromise`` does, to the key that signs, and asks the program from
outside, like anybody, when each effect is there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from httpx2 import AsyncClient, HTTPError

from idp.parts import Parts
from idp.signing.believed import ACCESS_TOKENS
from idp.signing.emergency import Stopped, compromise
from keys.lives.by import By
from keys.lives.moves import signing
from oidc.endpoints.key_notices import PATH as NOTICES
from store.micros import SECOND, Clock, seconds

SURE = 20  # answers in a row, each on a connection of its own: every worker has been asked
PAUSE = 0.05  # seconds
LONGEST = 60 * SECOND
BY = By("drill", "a drill")


class NoDrill(Exception):
    """Why there is none, in one sentence."""


@dataclass(frozen=True, slots=True)
class Timed:
    what: str
    after: int  # microseconds since the command


class Probe:
    """One token that the lost key has signed, and what the program makes of it."""

    def __init__(self, http: AsyncClient, kid: str, token: str) -> None:
        self._http = http
        self._kid = kid
        self._token = token

    async def hidden(self) -> bool:
        return self._kid not in await self._key_set()

    async def refused(self) -> bool:
        """A hint that is believed names a client, and another one is told that it is not meant.

        Raises ``NoDrill`` for what is neither that nor the way out of who shows no hint.
        """
        query = {"id_token_hint": self._token, "client_id": "a drill"}
        answer = await self._http.get("/end-session", params=query)
        match answer.status_code:
            case HTTPStatus.BAD_REQUEST:
                return False
            case HTTPStatus.SEE_OTHER:
                return True
        raise NoDrill(f"/end-session answers {answer.status_code}: look at the log")

    async def told(self) -> bool:
        """The notice of its loss is there for everybody."""
        answer = await self._http.get(NOTICES)
        return answer.is_success and self._kid in answer.json()["sets"]

    async def succeeded(self) -> bool:
        """Another key waits again, behind the one that signs."""
        return (await self._key_set()).count(f'"alg":"{ACCESS_TOKENS}"') > 1

    async def _key_set(self) -> str:
        return (await self._http.get("/jwks")).text


async def practise(parts: Parts, issuer: str, clock: Clock) -> tuple[Stopped, Sequence[Timed]]:
    """Raises ``NoDrill``."""
    kid, token = await _lost(parts, issuer, clock())
    headers = {"connection": "close"}
    async with AsyncClient(base_url=issuer, headers=headers, trust_env=False) as http:
        probe = Probe(http, kid, token)
        try:
            if await probe.hidden() or await probe.refused():
                raise NoDrill(f"what answers at {issuer} has other keys than this database")
            began = clock()
            stopped = await compromise(parts, kid, BY, began)
            what = "its successor signs" if stopped.signs else "it is stopped, and nothing signs"
            timed = [Timed(what, clock() - began)]
            for what, ask in (
                ("out of the key set, at every worker", probe.hidden),
                ("its tokens are refused, at every worker", probe.refused),
                ("its notice is published, at every worker", probe.told),
                ("another successor is shown", probe.succeeded),
            ):
                timed.append(Timed(what, await _until(ask, began, clock) - began))
        except HTTPError as error:
            raise NoDrill(f"nobody answers at {issuer}: start `motcua serve` first") from error
    return stopped, timed


async def _lost(parts: Parts, issuer: str, now: int) -> tuple[str, str]:
    active = signing(await parts.custody.lives(), ACCESS_TOKENS)
    clients = [it.client for it in await parts.clients.list() if it.disabled_at is None]
    if active is None or not clients:
        raise NoDrill("there is no key or no client yet: start `motcua serve`, add a client")
    claims = {
        "iss": issuer,
        "sub": "a drill",
        "aud": clients[0].client_id,
        "exp": seconds(now),
    }
    token = await (await parts.keys.load(now)).signed(claims, typ="JWT", alg=ACCESS_TOKENS)
    return active.kid, token


async def _until(ask: Callable[[], Awaitable[bool]], began: int, clock: Clock) -> int:
    """The moment from which on every answer was yes."""
    since, sure = clock(), 0
    while sure < SURE:
        if await ask():
            sure += 1
            continue
        if clock() - began > LONGEST:
            raise NoDrill("a minute has passed, and not every worker knows: look at its log")
        await asyncio.sleep(PAUSE)
        since, sure = clock(), 0
    return since
