"""What one decision does to all keys of its algorithm at once, decided from values.

OpenID Connect Core section 10.1.1. Of an algorithm one key signs, and whenever one stops, another
begins in the same commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keys.lives.lifecycle import Life, Refused, Step, after
from keys.lives.policy import Policy
from keys.signing_key import State


@dataclass(frozen=True, slots=True)
class Move:
    """One key goes from ``was`` to ``life`` by ``step``."""

    step: Step
    was: Life
    life: Life


@dataclass(frozen=True, slots=True)
class Taken:
    """What was done. ``signs``: who signs now with this algorithm; None if nobody does."""

    moves: tuple[Move, ...]
    signs: Life | None


def decided(
    lives: Sequence[Life], kid: str, step: Step, policy: Policy, now: int
) -> tuple[Move, ...]:
    """What this step of this key takes with it, in the order in which it is written.

    Raises ``Refused``.
    """
    life = next((it for it in lives if it.kid == kid), None)
    if life is None:
        raise Refused("there is no such key: `motcua keys list` names them")
    if step is Step.SUPERSEDE:
        raise Refused("a key is superseded by activating another")
    move = Move(step, life, after(life, step, policy, now))
    if step is Step.ACTIVATE:
        return (*_superseded(lives, life.alg, policy, now), move)
    if life.state is State.ACTIVE:
        return (move, *_heir(lives, life.alg, policy, now))
    return (move,)


def succession(lives: Sequence[Life], alg: str, policy: Policy, now: int) -> tuple[Move, ...]:
    """What signs goes and what waits signs, seen by all or not."""
    return (*_superseded(lives, alg, policy, now), *_heir(lives, alg, policy, now))


def applied(lives: Sequence[Life], moves: Sequence[Move]) -> Sequence[Life]:
    """What is left when they are done."""
    moved = {move.life.kid: move.life for move in moves}
    return [moved.get(life.kid, life) for life in lives]


def successor(lives: Sequence[Life], alg: str, policy: Policy, now: int) -> Life | None:
    """Who signs next, unless it has become too old for that meanwhile."""
    return waiting([it for it in lives if it.fits(policy, now)], alg)


def waiting(lives: Sequence[Life], alg: str) -> Life | None:
    """Of those that are published, the one that has been seen the longest."""
    ready = [it for it in lives if it.alg == alg and it.state is State.PUBLISHED]
    return min(ready, key=lambda it: (it.published_at, it.kid), default=None)


def signing(lives: Sequence[Life], alg: str) -> Life | None:
    return next((it for it in lives if it.alg == alg and it.state is State.ACTIVE), None)


def _superseded(lives: Sequence[Life], alg: str, policy: Policy, now: int) -> tuple[Move, ...]:
    """It goes first: at no moment are there two."""
    old = signing(lives, alg)
    if old is None:
        return ()
    return (Move(Step.SUPERSEDE, old, after(old, Step.SUPERSEDE, policy, now)),)


def _heir(lives: Sequence[Life], alg: str, policy: Policy, now: int) -> tuple[Move, ...]:
    heir = successor(lives, alg, policy, now)
    if heir is None:
        return ()
    return (Move(Step.ACTIVATE, heir, after(heir, Step.ACTIVATE, policy, now, emergency=True)),)
