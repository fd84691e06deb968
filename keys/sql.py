"""Signing keys in SQL: the public part as it is shown, the private part sealed to its row.

The ring of a moment is loaded here; ``keys/lives/custody.py`` changes what lies there.
"""

import orjson
from sqlalchemy import bindparam, or_, select

from keys.lives.changes import place_of
from keys.lives.lifecycle import Life
from keys.lives.policy import Policy
from keys.ring import KeyRing
from keys.rows import KEY, life_of
from keys.signers.held import SOFTWARE, Held
from keys.signers.keepers import Keepers
from keys.signing_key import SHOWN, KeyFault, SigningKey, State, private_key
from keys.vault import Unsealable, Vault
from store.database import Database, Found

_REMEMBERED = (
    select(KEY)
    .where(or_(KEY.c.state != State.DESTROYED, KEY.c.changed_at > bindparam("destroyed_since")))
    .order_by(KEY.c.created_at, KEY.c.kid)
)

Version = tuple[tuple[str, State], ...]


class SqlKeys:
    """Loads the ring; the vault opens private parts, ``keepers`` have those elsewhere."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        policy: Policy,
        keepers: Keepers | None = None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._policy = policy
        self._keepers = keepers or Keepers()
        self._remembered = database.prepare(_REMEMBERED)
        self._proven: dict[tuple[str, State], SigningKey] = {}
        self._ring: tuple[Version, KeyRing] | None = None

    async def load(self, now: int) -> KeyRing:
        """The ring as it is now; the same one while nothing has changed. Raises ``KeyFault``."""
        since = now - self._policy.archive
        rows = await self._database.read(self._remembered, destroyed_since=since)
        seen = {(row["kid"], self._part(life_of(row), now)): row for row in rows}
        believed = {mark: row for mark, row in seen.items() if mark[1] is not State.COMPROMISED}
        version = tuple(believed)
        if self._ring is None or self._ring[0] != version:
            self._proven = {
                mark: self._proven.get(mark) or self._prove(row, mark[1])
                for mark, row in believed.items()
            }
            self._ring = version, KeyRing(self._proven.values())
        return self._ring[1]

    async def prove(self, now: int) -> None:
        """That those who keep private parts elsewhere have them. K-21. Raises ``KeyFault``."""
        await self.load(now)
        for key in self._proven.values():
            await self._keepers.prove(key)

    def _part(self, life: Life, now: int) -> State:
        """What it does in the ring: one that has signed for too long only checks."""
        if not life.checks():
            return State.COMPROMISED
        if life.state is State.ACTIVE:
            return State.ACTIVE if life.signs(self._policy, now) else State.RETIRING
        return life.state if life.state in SHOWN else State.RETIRED

    def _prove(self, row: Found, part: State) -> SigningKey:
        """A key that is what its row says. Raises ``KeyFault``."""
        kid, sealed = row["kid"], row["private_sealed"]
        if row["demonstration"] and not self._policy.demonstration:
            raise KeyFault(f"Signing key {kid} was made in a demonstration: begin with no keys.")
        try:
            private = (
                None if sealed is None else private_key(self._vault.open(sealed, place_of(kid)))
            )
        except Unsealable as error:
            raise KeyFault(
                f"Signing key {kid} does not open: is this the right key-encryption key?"
            ) from error
        key = SigningKey(orjson.loads(row["public_jwk"]), part, private, self._held(row, part))
        if (key.kid, key.alg) != (kid, row["alg"]):
            raise KeyFault(f"Signing key {kid} is shown as another.")
        key.prove()
        return key

    def _held(self, row: Found, part: State) -> Held | None:
        """One that only checks needs nobody who keeps its private part."""
        if row["provider"] == SOFTWARE or part not in (State.ACTIVE, State.PUBLISHED):
            return None
        return self._keepers.held(row["provider"], row["reference"])
