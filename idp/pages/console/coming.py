"""What the policy does next with the keys, and what it has left undone, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from idp.pages.console.spoken import short
from idp.pages.dates import moment
from idp.pages.languages import Language
from keys.algorithms import ALGORITHMS
from keys.lives.lifecycle import Life, Step
from keys.lives.moves import signing
from keys.lives.plan import Task
from keys.lives.policy import DUE, OVERDUE, STOPPED, Policy
from keys.signing_key import State
from store.micros import MINUTE

SOON = 3  # groups that are told


@dataclass(frozen=True, slots=True)
class Coming:
    """``when`` is empty for what is due already."""

    when: str
    what: str
    algs: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """``part`` and ``most``: of its time, how much it has signed and how much it may."""

    per_cent: int
    part: str
    most: str
    short: str
    alg: str


def coming(tasks: Sequence[Task], language: Language, now: int) -> Sequence[Coming]:
    """The soonest first; what happens in the same minute is told once."""
    ordered = sorted(tasks, key=lambda it: (it.at // MINUTE, it.step))
    groups = [[*found] for _, found in groupby(ordered, lambda it: (it.at // MINUTE, it.step))]
    return [_told(group, language, now) for group in groups[:SOON]]


def _told(group: Sequence[Task], language: Language, now: int) -> Coming:
    first, count = group[0], len(group)
    what = _sentence(first.step, count, language)
    when = moment(first.at, language) if first.at > now else ""
    return Coming(when, what, ", ".join(dict.fromkeys(it.alg for it in group)))


def _sentence(step: Step, count: int, language: Language) -> str:
    match step:
        case Step.ACTIVATE:
            return language.ngettext(
                "%(num)s key begins to sign", "%(num)s keys begin to sign", count
            )
        case Step.PUBLISH:
            return language.ngettext(
                "%(num)s successor is made", "%(num)s successors are made", count
            )
        case Step.RETIRE:
            return language.ngettext(
                "%(num)s key leaves the key set", "%(num)s keys leave the key set", count
            )
    return language.ngettext("%(num)s old key is put away", "%(num)s old keys are put away", count)


def alarms(lives: Sequence[Life], policy: Policy, language: Language, now: int) -> Sequence[Alarm]:
    """Each key that signs for too long, the worst first."""
    signing = [(reached(it, policy, now), it) for it in lives if it.state is State.ACTIVE]
    most = language.per_cent(STOPPED)
    found = [
        Alarm(reach, language.per_cent(reach), most, short(it.kid), it.alg)
        for reach, it in signing
        if reach
    ]
    return sorted(found, key=lambda it: -it.per_cent)


def unsigned(lives: Sequence[Life]) -> Sequence[str]:
    """The algorithms with which nothing signs."""
    return [alg for alg in ALGORITHMS if signing(lives, alg) is None]


def reached(life: Life, policy: Policy, now: int) -> int:
    """The last of the marks of its cryptoperiod that it has passed; 0 if none."""
    passed = (it for it in (STOPPED, OVERDUE, DUE) if life.age(now) >= policy.reached(it))
    return next(passed, 0)
