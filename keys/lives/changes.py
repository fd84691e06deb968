"""Changes of signing keys, as writes: a change and its event always go into one commit."""

from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import bindparam, func, insert, select, update

from keys.lives.by import By
from keys.lives.lifecycle import KEEPING, Life, Step
from keys.lives.moves import Move
from keys.rows import KEY, columns_of
from keys.secrets import new_id
from keys.signers.held import SOFTWARE
from keys.signing_key import SigningKey, State, private_octets
from keys.vault import Vault
from ledger.event import Ledger
from ledger.kinds import KeyMade, KeyOverdue, KeyTurned
from store.database import Database, Write

_TIMES = (
    "published_at",
    "activated_at",
    "deactivated_at",
    "compromised_at",
    "changed_at",
    "held_at",
)
# Only from the very state that was looked at: of all who race for it one finds it there.
_MOVE = (
    update(KEY)
    .where(
        KEY.c.kid == bindparam("this_kid"),
        KEY.c.state == bindparam("was"),
        func.coalesce(KEY.c.changed_at, KEY.c.created_at) == bindparam("seen_at"),
    )
    .values(state=bindparam("state"), **{name: bindparam(name) for name in _TIMES})
)
_ITS = KEY.alias()
_COUNT = select(func.count()).where(_ITS.c.alg == bindparam("its_alg")).scalar_subquery()
_ALONE = (
    update(KEY)
    .where(KEY.c.kid == bindparam("this_kid"), bindparam("seen") == _COUNT)
    .values(alarmed=KEY.c.alarmed)
)
_ERASE = update(KEY).where(KEY.c.kid == bindparam("this_kid")).values(private_sealed=None)
_FORGET = update(KEY).where(KEY.c.kid == bindparam("this_kid")).values(reference=None)
_ALARM = (
    update(KEY)
    .where(KEY.c.kid == bindparam("this_kid"), KEY.c.alarmed < bindparam("per_cent"))
    .values(alarmed=bindparam("per_cent"))
)


class Changes:
    """``demonstration``: whether keys that are made get its mark."""

    def __init__(
        self, database: Database, vault: Vault, ledger: Ledger, *, demonstration: bool
    ) -> None:
        self._demonstration = int(demonstration)
        self._vault = vault
        self._ledger = ledger
        self._insert = database.prepare(insert(KEY))
        self._move = database.prepare(_MOVE)
        self._alone = database.prepare(_ALONE)
        self._erase = database.prepare(_ERASE)
        self._forget = database.prepare(_FORGET)
        self._alarm = database.prepare(_ALARM)

    def moved(self, moves: Iterable[Move], by: By, now: int) -> Sequence[Write]:
        """The one that stops signing before the one that begins."""
        return [write for move in moves for write in self._moved(move, by, now)]

    def _moved(self, move: Move, by: By, now: int) -> Sequence[Write]:
        was, life = move.was, move.life
        values = {name: value for name, value in columns_of(life).items() if name in _TIMES}
        values |= {"this_kid": life.kid, "was": was.state.value, "state": life.state.value}
        change = Write(self._move, {**values, "seen_at": was.changed_at}, must_change=True)
        event = KeyTurned(
            event_id=new_id(now),
            kid=life.kid,
            alg=life.alg,
            step=move.step.value,
            was=was.state.value,
            state=life.state.value,
            actor=by.actor,
            reason=by.reason,
            **(by.overridden() if move.step is Step.ACTIVATE else {}),
        )
        told = self._ledger.insert(event, now)
        if life.state in KEEPING:
            return (change, told)
        return (change, Write(self._erase, {"this_kid": life.kid}), told)

    def made(self, key: SigningKey, by: By, now: int) -> Sequence[Write]:
        private, place = key.private, place_of(key.kid)
        sealed = None if private is None else self._vault.seal(private_octets(private), place)
        row = {
            **columns_of(born(key, now)),
            "public_jwk": orjson.dumps(dict(key.public)).decode(),
            "private_sealed": sealed,
            "demonstration": self._demonstration,
            "provider": SOFTWARE if key.held is None else key.held.keeper.name,
            "reference": None if key.held is None else key.held.reference,
        }
        event = KeyMade(
            event_id=new_id(now),
            kid=key.kid,
            alg=key.alg,
            state=key.state.value,
            actor=by.actor,
            reason=by.reason,
        )
        return (Write(self._insert, row), self._ledger.insert(event, now))

    def alone(self, lives: Sequence[Life], alg: str) -> Iterable[Write]:
        """It fails where a key of this algorithm has been made since ``lives`` was read."""
        its = [life.kid for life in lives if life.alg == alg]
        for kid in its[-1:]:
            values = {"this_kid": kid, "its_alg": alg, "seen": len(its)}
            yield Write(self._alone, values, must_change=True)

    def forgotten(self, kid: str) -> Write:
        """Whoever kept its private part elsewhere has destroyed it."""
        return Write(self._forget, {"this_kid": kid})

    def alarmed(self, life: Life, per_cent: int, now: int) -> Sequence[Write]:
        """Once, whoever else sees it."""
        values = {"this_kid": life.kid, "per_cent": per_cent}
        event = KeyOverdue(event_id=new_id(now), kid=life.kid, alg=life.alg, per_cent=per_cent)
        write = Write(self._alarm, values, must_change=True)
        return (write, self._ledger.insert(event, now))


def born(key: SigningKey, now: int) -> Life:
    """A new key: it waits, or signs at once."""
    return Life(
        kid=key.kid,
        alg=key.alg,
        use=key.public["use"],
        state=key.state,
        created_at=now,
        published_at=now,
        activated_at=now if key.state is State.ACTIVE else None,
        changed_at=now,
    )


def place_of(kid: str) -> str:
    return f"signing_key.private_sealed:{kid}"
