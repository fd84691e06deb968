"""What the policy will do, and when: read by who carries it out and by who asks.

NIST SP 800-57 part 1 section 5.3.4.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from keys.lives.lifecycle import Life, Step, waits
from keys.lives.moves import signing, successor
from keys.lives.policy import DUE, OVERDUE, STOPPED, Policy
from keys.signing_key import State

_NEXT = {
    State.RETIRING: Step.RETIRE,
    State.RETIRED: Step.DISCARD,
    State.COMPROMISED: Step.DISCARD,
    State.PENDING_DESTRUCTION: Step.DESTROY,
}


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """A ``kid`` is missing where one is to be made: to wait, or where none signs, to sign."""

    at: int
    alg: str
    step: Step
    kid: str | None = None


def plan(lives: Sequence[Life], algs: Iterable[str], policy: Policy, now: int) -> Sequence[Task]:
    """The soonest first. A successor is always waiting, so that rotation can be at any time."""
    due = [task for alg in algs for task in _turn(lives, alg, policy, now)]
    due += [
        Task(max(life.changed_at, waits(life, _NEXT[life.state], policy)), life.alg, step, life.kid)
        for life in lives
        if (step := _NEXT.get(life.state))
    ]
    return sorted(due, key=lambda task: (task.at, task.alg, task.step))


def _turn(lives: Sequence[Life], alg: str, policy: Policy, now: int) -> Iterator[Task]:
    active, heir = signing(lives, alg), successor(lives, alg, policy, now)
    if active is None:
        yield Task(now, alg, Step.ACTIVATE, None if heir is None else heir.kid)
    elif heir is None:
        yield Task(now, alg, Step.PUBLISH)
    else:
        due = max(now - active.age(now) + policy.every, waits(heir, Step.ACTIVATE, policy))
        yield Task(due, alg, Step.ACTIVATE, heir.kid)


def overdue(life: Life, policy: Policy, now: int) -> int:
    """The per cent of its cryptoperiod of which somebody must hear now; 0 if of none."""
    if life.state is not State.ACTIVE:
        return 0
    age = life.age(now)
    reached = [it for it in (DUE, OVERDUE, STOPPED) if age >= policy.reached(it)]
    return max((it for it in reached if it > life.alarmed), default=0)
