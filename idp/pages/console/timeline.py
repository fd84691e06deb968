"""The lives of signing keys on one line of time: NIST SP 800-57 part 1 section 5.3.

Values from values: ``drawing.py`` makes shapes of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from keys.algorithms import ALGORITHMS
from keys.lives.lifecycle import Life, Step
from keys.lives.plan import Task
from keys.lives.policy import Policy
from keys.signing_key import State

HERE = frozenset({State.PUBLISHED, State.ACTIVE, State.RETIRING, State.SUSPENDED})
WENT = frozenset({State.RETIRED, State.PENDING_DESTRUCTION, State.DESTROYED})
MOST = 24  # keys at once: of those that are gone, the ones that went last


class Kind(StrEnum):
    """``PAST``: another key signed. ``WAITING`` and ``ENDING``: shown before and after it signs."""

    PAST = "past"
    WAITING = "waiting"
    SIGNING = "signing"
    PLANNED = "planned"
    ENDING = "ending"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Bar:
    kind: Kind
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Lane:
    life: Life
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All times in microseconds. Lanes by algorithm, the oldest first."""

    begins: int
    ends: int
    now: int
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """What is looked at, from ``begins`` to ``ends``. ``known``: keys, also those that went."""

    known: Sequence[Life]
    tasks: Sequence[Task]
    policy: Policy
    begins: int
    ends: int
    now: int


def timeline(lives: Sequence[Life], tasks: Sequence[Task], policy: Policy, now: int) -> Timeline:
    """What there is to see of the keys, from one turn to the next.

    A key that went leaves its mark where the one after it stands.
    """
    since, ends = now - policy.every * 6 // 10, now + policy.every * 6 // 5
    known = shown(lives, since)
    lanes = [life for life in known if life.state not in WENT]
    oldest = min((life.published_at for life in lanes), default=now)
    begins = min(max(since, oldest), now - policy.every // 8)
    view = _View(known, tasks, policy, begins, ends, now)
    return Timeline(
        begins, ends, now, tuple(Lane(life, tuple(_bars(life, view))) for life in lanes)
    )


def shown(lives: Sequence[Life], since: int) -> Sequence[Life]:
    """Keys that are in use, and those that went lately. By algorithm, the oldest first."""
    here = [life for life in lives if life.state in HERE]
    gone = [life for life in lives if life.state not in HERE and _went(life) > since]
    kept = sorted(gone, key=_went, reverse=True)[: max(MOST - len(here), 0)]
    order = {alg: index for index, alg in enumerate(ALGORITHMS)}
    return sorted([*here, *kept], key=lambda it: (order[it.alg], it.published_at, it.kid))


def turn_of(life: Life, tasks: Sequence[Task]) -> int | None:
    """When it begins to sign, or ends because another does."""
    turns = [it for it in tasks if it.step is Step.ACTIVATE and it.alg == life.alg]
    match life.state:
        case State.PUBLISHED:
            return next((it.at for it in turns if it.kid == life.kid), None)
        case State.ACTIVE if turns:
            return turns[0].at
    return None


def _went(life: Life) -> int:
    return life.compromised_at or life.deactivated_at or life.changed_at


def _bars(life: Life, view: _View) -> Iterator[Bar]:
    """What of them lies in the view."""
    before = tuple(_before(life, view.known)) if life.state is State.ACTIVE else ()
    waited = () if before else _waited(life)
    for it in (*before, *waited, *_past(life, view), *_next(life, view)):
        begins, ends = max(it.begins, view.begins), min(it.ends, view.ends)
        if begins < ends:
            yield Bar(it.kind, begins, ends)


def _before(life: Life, known: Sequence[Life]) -> Iterator[Bar]:
    for one in known:
        if one.alg == life.alg and one.state in WENT:
            ends = one.changed_at if one.deactivated_at is None else one.deactivated_at
            yield Bar(Kind.PAST, ends if one.activated_at is None else one.activated_at, ends)


def _waited(life: Life) -> Iterator[Bar]:
    """Left out where the key before it has left its mark: that one signed in that time."""
    if life.state is not State.PUBLISHED:
        ends = life.changed_at if life.activated_at is None else life.activated_at
        yield Bar(Kind.WAITING, life.published_at, ends)


def _past(life: Life, view: _View) -> Iterator[Bar]:
    if life.activated_at is not None:
        last = view.now if life.deactivated_at is None else life.deactivated_at
        yield Bar(Kind.SIGNING, life.activated_at, last)
    match life.state:
        case State.SUSPENDED | State.COMPROMISED:
            yield Bar(Kind.STOPPED, life.compromised_at or life.changed_at, view.now)
        case State.RETIRING if life.deactivated_at is not None:
            yield Bar(Kind.ENDING, life.deactivated_at, life.deactivated_at + view.policy.behind)


def _next(life: Life, view: _View) -> Iterator[Bar]:
    turn = turn_of(life, view.tasks) or view.ends
    if life.state is State.PUBLISHED:
        begins = max(turn, view.now)
        yield Bar(Kind.WAITING, life.published_at, begins)
        yield Bar(Kind.PLANNED, begins, view.ends)
    if life.state is State.ACTIVE:
        yield Bar(Kind.PLANNED, view.now, turn)
