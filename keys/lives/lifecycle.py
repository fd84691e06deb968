"""The life of a signing key: its states, the steps between them, and when each may be taken.

NIST SP 800-57 part 1 section 7. A pure table: what is not in it cannot be done. One person may
take each step that stands here; what needs two will be asked for before ``after`` is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from keys.lives.policy import STOPPED, Policy
from keys.signing_key import State


class Step(StrEnum):
    """``publish`` makes a key; ``supersede`` comes with the activation of another."""

    PUBLISH = "publish"
    ACTIVATE = "activate"
    SUPERSEDE = "supersede"
    RETIRE = "retire"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPROMISE = "compromise"
    DISCARD = "discard"
    DESTROY = "destroy"


STEPS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.PUBLISHED, Step.ACTIVATE): State.ACTIVE,
        (State.ACTIVE, Step.SUPERSEDE): State.RETIRING,
        (State.RETIRING, Step.RETIRE): State.RETIRED,
        (State.PUBLISHED, Step.SUSPEND): State.SUSPENDED,
        (State.ACTIVE, Step.SUSPEND): State.SUSPENDED,
        (State.SUSPENDED, Step.RESUME): State.PUBLISHED,
        **{(it, Step.COMPROMISE): State.COMPROMISED for it in State if it is not State.COMPROMISED},
        (State.RETIRED, Step.DISCARD): State.PENDING_DESTRUCTION,
        (State.SUSPENDED, Step.DISCARD): State.PENDING_DESTRUCTION,
        (State.COMPROMISED, Step.DISCARD): State.PENDING_DESTRUCTION,
        (State.PENDING_DESTRUCTION, Step.DESTROY): State.DESTROYED,
    }
)
KEEPING = frozenset({State.PUBLISHED, State.ACTIVE, State.SUSPENDED, State.PENDING_DESTRUCTION})
"""States in which a private part may be there. In all others it has been erased."""


class Refused(Exception):
    """A step that is not taken; the text says why, in words for who asked."""


class TooEarly(Refused):
    """It may be taken ``at`` that time."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A key without its numbers. Times in microseconds; None for what has not happened.

    ``published_at``: since when it has been shown without a gap. ``activated_at``: when it signed
    first. ``deactivated_at``: when it signed last. ``changed_at``: since when it is in its state.
    ``alarmed``: the per cent of its cryptoperiod of which somebody has been told. ``held_at``: when
    it was told last that it may not sign yet, for too few have fetched it.
    """

    kid: str
    alg: str
    use: str = "sig"
    state: State
    created_at: int
    published_at: int
    activated_at: int | None = None
    deactivated_at: int | None = None
    compromised_at: int | None = None
    changed_at: int
    alarmed: int = 0
    held_at: int | None = None

    def signs(self, policy: Policy, now: int) -> bool:
        """Active, and not far too old: past 120 % of its cryptoperiod nothing is signed with it."""
        return self.state is State.ACTIVE and self.age(now) < policy.reached(STOPPED)

    def age(self, now: int) -> int:
        """How long it has been signing."""
        return 0 if self.activated_at is None else now - self.activated_at

    def fits(self, policy: Policy, now: int) -> bool:
        """Whether it may begin to sign: it is not over before a successor can be seen by all.

        One that was suspended and shown again goes on ageing.
        """
        return self.age(now) < min(policy.every, policy.reached(STOPPED) - policy.ahead)

    def checks(self) -> bool:
        """What it signed is believed: never again once it may have been somebody else's."""
        hidden = (State.SUSPENDED, State.COMPROMISED)
        return self.compromised_at is None and self.state not in hidden


def after(life: Life, step: Step, policy: Policy, now: int, *, emergency: bool = False) -> Life:
    """The life after this step. In an ``emergency`` a key signs that not all have seen.

    Raises ``Refused``, and ``TooEarly`` where waiting helps.
    """
    state = STEPS.get((life.state, step))
    if state is None:
        raise Refused(f"key {life.kid} is {life.state.value}: it cannot {step.value}")
    if step is Step.ACTIVATE and not life.fits(policy, now):
        raise Refused(f"key {life.kid} has signed for too long: let another sign")
    earliest = waits(life, step, policy)
    if now < earliest and not (emergency and step is Step.ACTIVATE):
        raise TooEarly(f"key {life.kid} may {step.value} later", earliest)
    return _marked(replace(life, state=state, changed_at=now, held_at=None), life, now)


def waits(life: Life, step: Step, policy: Policy) -> int:
    """Since when the step may be taken, if it is one from this state at all."""
    match step:
        case Step.ACTIVATE:
            return life.published_at + policy.ahead
        case Step.RETIRE | Step.DISCARD:
            return 0 if life.deactivated_at is None else life.deactivated_at + policy.behind
        case Step.DESTROY:
            return life.changed_at + policy.pending
    return 0


def _marked(life: Life, before: Life, now: int) -> Life:
    if before.state is State.ACTIVE:
        life = replace(life, deactivated_at=now)
    match life.state:
        case State.PUBLISHED:
            return replace(life, published_at=now)
        case State.ACTIVE if life.activated_at is None:
            return replace(life, activated_at=now)
        case State.COMPROMISED:
            return replace(life, compromised_at=now)
    return life
