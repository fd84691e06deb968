"""Notices of keys that were given up, signed by a key of this moment and never by the lost one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import orjson

from clients.model import Client
from idp.parts import Parts
from idp.signing.believed import ACCESS_TOKENS
from idp.signing.issued import Issued
from keys.current import Keys
from keys.lives.custody import Custody
from keys.lives.lifecycle import Life
from keys.lives.moves import signing
from keys.lives.notice import TYPE, notice_claims
from keys.ring import KeyRing
from keys.secrets import digest
from keys.signers.held import CannotSign
from store.cache import Cached

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
    """With the lost key itself this process may still sign: its ring is of a moment ago."""


@dataclass(frozen=True, slots=True)
class Moment:
    ring: KeyRing
    lives: Sequence[Life]
    now: int

    def lost(self, since: int) -> Sequence[Life]:
        """After ``since``, as far as this ring knows of it."""
        lost = [it for it in self.lives if (it.compromised_at or 0) > since]
        return [it for it in lost if it.kid not in self.ring.shown]


@dataclass(slots=True)
class Notices:
    """``oidc.ports.KeyWatch``. Each process has its own."""

    custody: Custody
    keys: Keys
    issuer: str
    issued: Issued
    _lives: Cached[str, Sequence[Life]] = field(init=False)
    _made: tuple[KeyRing, Sequence[Life], Body] | None = None

    @classmethod
    def over(cls, parts: Parts, keys: Keys, issuer: str) -> Self:
        issued = Issued(parts.storage.database, parts.ledger)
        return cls(parts.custody, keys, issuer, issued)

    def __post_init__(self) -> None:
        self._lives = Cached(lambda _: self.custody.lives(), most=1)

    async def doubt(self, token: str, grant_id: str) -> None:
        await self.issued.doubt(token, grant_id)

    async def published(self, now: int) -> Body:
        """As long as hints are believed, signed anew when the keys have changed."""
        lives = await self._lives.get("", now) or ()
        moment = Moment(await self.keys.current(now), lives, now)
        lost = moment.lost(now - self.custody.policy.archive)
        if self._made is None or self._made[:2] != (moment.ring, lost):
            algs = sorted(moment.ring.algorithms(), key=lambda it: it != ACCESS_TOKENS)
            sets = {it.kid: await self._signed(it, moment, [*algs, ""][0]) for it in lost}
            body = orjson.dumps({"sets": sets})
            self._made = moment.ring, lost, (body, f'"{digest(body.decode())}"')
        return self._made[2]

    async def to(self, client: Client, kid: str, jti: str, now: int) -> str:
        """As its ID tokens are signed. Raises ``CannotSign``, of which ``NotYet`` is one."""
        moment = Moment(await self.keys.current(now), await self.custody.lives(), now)
        lost = next((it for it in moment.lost(0) if it.kid == kid), None)
        if lost is None:
            raise NotYet(kid)
        alg = client.id_token_signed_response_alg
        return await self._signed(lost, moment, alg, jti=jti, aud=client.client_id)

    async def _signed(self, lost: Life, moment: Moment, alg: str, **said: str) -> str:
        signs = signing(moment.lives, lost.alg)
        kid, now = lost.kid, moment.now
        claims = notice_claims(lost, signs, issuer=self.issuer, jti=kid, now=now)
        return await moment.ring.signed({**claims, **said}, typ=TYPE, alg=alg)
