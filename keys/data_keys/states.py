"""What a data key is at a moment, and what is due: decided from its row and ``now`` alone.

``waiting``: every process learns of it, none seals with it yet. ``making``: the newest that does
not wait. ``opening``: it was replaced, what it made still opens. ``ended``: it opens nothing any
more, which is the ``min_decrypt_version`` of K-17. ``erased``: nobody has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from keys.purposes import PURPOSES, SEALING
from store.micros import DAY, MINUTE
from store.value import as_value

WAIT = MINUTE  # until a new one makes; processes look every few seconds
REST = DAY  # after the last seal that an old one can have made
GRACE = 7 * DAY  # between end and erasure (K-20)
MOST = 1 << 30  # seals with one key (K-18); NIST SP 800-38D section 8.3 forbids 2^32


class State(StrEnum):
    WAITING = "waiting"
    MAKING = "making"
    OPENING = "opening"
    ENDED = "ended"
    ERASED = "erased"


@as_value(kw_only=True)
class Kept:
    """A data key as it lies in its row."""

    purpose: str
    version: int
    key_id: str
    wrapped: bytes | None
    uses: int
    created_at: int
    makes_at: int
    ended_at: int | None


Known = Mapping[str, Sequence[Kept]]
"""By purpose, the oldest version first."""


def known(rows: Iterable[Kept]) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    for row in rows:
        found.setdefault(row.purpose, []).append(row)
    return found


def making(chain: Sequence[Kept], now: int) -> Kept:
    """The newest that does not wait; if all do, whatever the clock says, the first."""
    alive = [it for it in chain if it.ended_at is None]
    return next((it for it in reversed(alive) if it.makes_at <= now), alive[0])


def state(it: Kept, chain: Sequence[Kept], now: int) -> State:
    if it.ended_at is not None:
        return State.ENDED if it.wrapped is not None else State.ERASED
    newest = making(chain, now)
    if it is newest:
        return State.MAKING
    return State.OPENING if it.version < newest.version else State.WAITING


def usable(chain: Sequence[Kept], now: int) -> list[Kept]:
    """Those that have not ended, the one that makes first."""
    first = making(chain, now)
    return [first, *(it for it in reversed(chain) if it is not first and it.ended_at is None)]


def is_worn(chain: Sequence[Kept], now: int) -> bool:
    """Whether a new version is due: used often enough (K-18), or made by an older program.

    Of what an older program made nobody has counted the uses; a day later that program has gone.
    """
    newest = chain[-1]
    old = newest.version == 0 and newest.purpose == SEALING and now - newest.created_at >= DAY
    return newest.makes_at <= now and (old or newest.uses >= MOST)


def finished(known: Known, now: int, *, all_resealed: bool) -> list[Kept]:
    """Those that were replaced long enough ago, and that nothing needs any more."""
    return [
        it
        for chain in known.values()
        for it in chain
        if state(it, chain, now) is State.OPENING
        and _is_over(it.purpose, now - _replaced_at(it, chain), all_resealed=all_resealed)
    ]


def erasable(known: Known, now: int) -> list[Kept]:
    return [
        it
        for chain in known.values()
        for it in chain
        if it.wrapped is not None and it.ended_at is not None and now - it.ended_at >= GRACE
    ]


def _replaced_at(it: Kept, chain: Sequence[Kept]) -> int:
    return min(later.makes_at for later in chain if later.version > it.version)


def _is_over(purpose: str, age: int, *, all_resealed: bool) -> bool:
    if purpose == SEALING:
        return all_resealed and age >= REST
    life = PURPOSES[purpose].life
    return life is not None and age >= life
