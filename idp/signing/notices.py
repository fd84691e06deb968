"""Notices of keys that were given up, signed by a key of this moment and never by the lost one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from clients.model import Client
from idp.signing.believed import ACCESS_TOKENS
from keys.current import Keys, heard
from keys.lives.custody import Custody
from keys.lives.lifecycle import Life
from keys.lives.moves import signing
from keys.lives.notice import TYPE, notice_claims
from keys.ring import KeyRing, NoActiveKey
from keys.secrets import digest
from keys.signers.held import CannotSign
from store.cache import Cached
from store.micros import SECOND

LOST = "lost key"
"""The kind of these messages in the outbox."""
Body = tuple[bytes, str]
"""And its ``ETag``."""


def message_id(kid: str, client_id: str) -> str:
    """A key is lost once, and a client is told of it once."""
    return f"{kid} {client_id}"


def kid_and_client(message_id: str) -> tuple[str, str]:
    """The inverse of ``message_id``."""
    kid, _, client_id = message_id.partition(" ")
    return kid, client_id


class NotYet(CannotSign):
    """With a lost key this process may still sign: its ring is of a moment ago."""


@dataclass(frozen=True, slots=True)
class Moment:
    ring: KeyRing
    lives: Sequence[Life]
    now: int

    def settled(self) -> bool:
        """Whether this ring has none of the lost keys: each might sign that another is lost."""
        return not any(it.compromised_at and it.kid in self.ring.shown for it in self.lives)

    def lost(self, since: int) -> Sequence[Life]:
        return [it for it in self.lives if (it.compromised_at or 0) > since]

    def alg(self) -> str:
        """For everybody: as access tokens are signed, if that can be. Raises ``NoActiveKey``."""
        algs = sorted(self.ring.algorithms(), key=lambda it: it != ACCESS_TOKENS)
        if not algs:
            raise NoActiveKey("nothing signs")
        return algs[0]


@dataclass(slots=True)
class Notices:
    """``oidc.ports.KeyNotices``. Each process has its own."""

    custody: Custody
    keys: Keys
    issuer: str
    _lives: Cached[str, Sequence[Life]] = field(init=False)
    _made: tuple[KeyRing, Sequence[Life], Body] | None = None
    _signing: asyncio.Task[Body] | None = None
    _failed: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        self._lives = Cached(lambda _: self.custody.lives(), most=1)

    async def published(self, now: int) -> Body:
        """As long as hints are believed, signed anew when the keys have changed.

        One signs for all who ask at that moment, and who failed tries again after a second.
        """
        lives = await self._lives.get("", now) or ()
        moment = Moment(await self.keys.current(now), lives, now)
        lost, made = moment.lost(now - self.custody.policy.archive), self._made
        if made is not None and (made[:2] == (moment.ring, lost) or not moment.settled()):
            return made[2]
        if not moment.settled():
            raise NotYet("the keys have just changed")
        if self._failed is not None and 0 <= now - self._failed[0] < SECOND:
            raise CannotSign(self._failed[1])
        if self._signing is None:
            self._signing = asyncio.create_task(self._all_signed(moment, lost))
            self._signing.add_done_callback(heard)
        return await asyncio.shield(self._signing)

    async def _all_signed(self, moment: Moment, lost: Sequence[Life]) -> Body:
        try:
            sets = {it.kid: await self._signed(it, moment, moment.alg()) for it in lost}
        except CannotSign as error:
            self._failed = moment.now, str(error)
            raise
        finally:
            self._signing = None
        body = orjson.dumps({"sets": sets})
        self._made = moment.ring, lost, (body, f'"{digest(body.decode())}"')
        return self._made[2]

    async def to(self, client: Client, kid: str, jti: str, now: int) -> str:
        """As its ID tokens are signed. Raises ``CannotSign``, of which ``NotYet`` is one."""
        moment = Moment(await self.keys.current(now), await self.custody.lives(), now)
        lost = next((it for it in moment.lost(0) if it.kid == kid), None)
        if lost is None or not moment.settled():
            raise NotYet(kid)
        alg = client.id_token_signed_response_alg
        return await self._signed(lost, moment, alg, jti=jti, aud=client.client_id)

    async def _signed(self, lost: Life, moment: Moment, alg: str, **said: str) -> str:
        signs = signing(moment.lives, lost.alg)
        kid, now = lost.kid, moment.now
        claims = notice_claims(lost, signs, issuer=self.issuer, jti=kid, now=now)
        return await moment.ring.signed({**claims, **said}, typ=TYPE, alg=alg)
