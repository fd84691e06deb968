"""The life of a key, decided from values. NIST SP 800-57 part 1 sections 5.3 and 7."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.lives.lifecycle import KEEPING, Life, Refused, Step, TooEarly, after, waits
from keys.lives.moves import Move, applied, decided, signing, succession, waiting
from keys.lives.plan import Task, overdue, plan
from keys.lives.policy import LEAST_AHEAD, Policy
from keys.signing_key import State
from store.micros import DAY, HOUR, SECOND
from tests.keys.samples import NOON

POLICY = Policy()
TRYING = Policy.of_demonstration(5 * SECOND)
LATER = NOON + 1000 * DAY
ALLOWED = {
    ("published", "activate"): "active",
    ("active", "supersede"): "retiring",
    ("retiring", "retire"): "retired",
    ("retired", "discard"): "pending_destruction",
    ("pending_destruction", "destroy"): "destroyed",
    ("published", "suspend"): "suspended",
    ("active", "suspend"): "suspended",
    ("suspended", "resume"): "published",
    ("suspended", "discard"): "pending_destruction",
    ("published", "compromise"): "compromised",
    ("active", "compromise"): "compromised",
    ("retiring", "compromise"): "compromised",
    ("retired", "compromise"): "compromised",
    ("suspended", "compromise"): "compromised",
    ("pending_destruction", "compromise"): "compromised",
    ("destroyed", "compromise"): "compromised",
    ("compromised", "discard"): "pending_destruction",
}
ACTIVATED = (State.PUBLISHED, State.SUSPENDED)  # those that may never have signed


def a_life(state: State, kid: str = "k-1", **changes: object) -> Life:
    """One that has been in this state since noon."""
    signed = None if state in ACTIVATED else NOON - 30 * DAY
    life = Life(
        kid=kid,
        alg="ES256",
        state=state,
        created_at=NOON - 40 * DAY,
        published_at=NOON - 40 * DAY,
        activated_at=signed,
        deactivated_at=None if signed is None or state is State.ACTIVE else NOON,
        compromised_at=NOON if state is State.COMPROMISED else None,
        changed_at=NOON,
    )
    return replace(life, **changes)  # type: ignore[arg-type]  # names and values of its own


@pytest.mark.parametrize(("state", "step"), [*product(State, Step)], ids=str)
def test_only_the_listed_steps_exist(state: State, step: Step) -> None:
    """K-01: every state and every step."""
    life, to = a_life(state), ALLOWED.get((state.value, step.value))
    if to is None:
        with pytest.raises(Refused, match=f"is {state.value}"):
            after(life, step, POLICY, LATER, emergency=True)
    else:
        left = after(life, step, POLICY, LATER)
        assert (left.state.value, left.changed_at, left.kid) == (to, LATER, "k-1")


@pytest.mark.parametrize(
    ("state", "step", "wait"),
    [
        (State.RETIRING, Step.RETIRE, 65 * 60 * SECOND),
        (State.RETIRED, Step.DISCARD, 65 * 60 * SECOND),
        (State.COMPROMISED, Step.DISCARD, 65 * 60 * SECOND),
        (State.PENDING_DESTRUCTION, Step.DESTROY, 7 * DAY),
    ],
    ids=str,
)
def test_a_step_has_its_time(state: State, step: Step, wait: int) -> None:
    """K-05 and K-20."""
    with pytest.raises(TooEarly) as refused:
        after(a_life(state), step, POLICY, NOON + wait - 1, emergency=True)
    assert refused.value.at == NOON + wait
    assert after(a_life(state), step, POLICY, NOON + wait).changed_at == NOON + wait


def test_what_not_all_have_seen_signs_only_in_an_emergency() -> None:
    """K-04."""
    life = a_life(State.PUBLISHED, published_at=NOON)
    with pytest.raises(TooEarly) as refused:
        after(life, Step.ACTIVATE, POLICY, NOON + 48 * HOUR - 1)
    assert refused.value.at == NOON + 48 * HOUR
    assert after(life, Step.ACTIVATE, POLICY, NOON + 48 * HOUR).activated_at == NOON + 48 * HOUR
    assert after(life, Step.ACTIVATE, POLICY, NOON, emergency=True).activated_at == NOON
    assert after(life, Step.ACTIVATE, TRYING, NOON).state is State.ACTIVE


def test_what_was_resumed_is_new_to_all_and_as_old_as_it_was() -> None:
    signed = a_life(State.ACTIVE)
    stopped = after(signed, Step.SUSPEND, POLICY, NOON + 1)
    assert (stopped.deactivated_at, stopped.checks()) == (NOON + 1, False)
    back = after(stopped, Step.RESUME, POLICY, NOON + DAY)
    assert (back.published_at, back.activated_at, back.checks()) == (
        NOON + DAY,
        signed.activated_at,
        True,
    )
    assert waits(back, Step.ACTIVATE, POLICY) == NOON + 3 * DAY
    again = after(back, Step.ACTIVATE, POLICY, NOON + 3 * DAY)
    assert again.age(NOON + 3 * DAY) == 33 * DAY


@pytest.mark.parametrize("state", State, ids=str)
def test_compromise_is_final(state: State) -> None:
    """Whatever becomes of it later, what it signed is never believed again."""
    if state is State.COMPROMISED:
        return
    lost = after(a_life(state), Step.COMPROMISE, POLICY, NOON)
    gone = after(lost, Step.DISCARD, POLICY, LATER)
    destroyed = after(gone, Step.DESTROY, POLICY, LATER + 7 * DAY)
    for life in (lost, gone, destroyed):
        assert (life.checks(), life.compromised_at) == (False, NOON)
    assert lost.state not in KEEPING


@pytest.mark.parametrize("state", State, ids=str)
def test_only_an_active_key_signs_and_none_beyond_its_time(state: State) -> None:
    """K-03 and K-09."""
    life = a_life(state, activated_at=NOON)
    assert life.signs(POLICY, NOON) == (state is State.ACTIVE)
    assert life.signs(POLICY, NOON + 135 * DAY - 1) == (state is State.ACTIVE)
    assert not life.signs(POLICY, NOON + 135 * DAY)


def test_somebody_is_told_at_80_100_and_120_per_cent_and_once() -> None:
    """K-09: rotation is due at 80 %, so where it works nobody hears anything."""
    life = a_life(State.ACTIVE, activated_at=NOON)
    told = []
    for day in range(200):
        per_cent = overdue(life, POLICY, NOON + day * DAY)
        if per_cent:
            told.append((day, per_cent))
            life = replace(life, alarmed=per_cent)
    assert told == [(90, 80), (113, 100), (135, 120)]
    assert overdue(a_life(State.RETIRING, activated_at=0), POLICY, NOON) == 0
    fast = a_life(State.ACTIVE, activated_at=NOON)
    assert fast.signs(TRYING, NOON + HOUR), "who tries out is not stopped"
    assert overdue(fast, TRYING, NOON + HOUR // 2) == 0


def test_the_times_bind_outside_the_demonstration_alone() -> None:
    assert (POLICY.every, POLICY.ahead, POLICY.pending) == (90 * DAY, 48 * HOUR, 7 * DAY)
    assert POLICY.ahead >= LEAST_AHEAD
    assert (TRYING.ahead, TRYING.behind, TRYING.pending) == (0, 60 * SECOND, 60 * SECOND)
    assert Policy.of_demonstration().behind == POLICY.behind


KEYS = st.lists(st.sampled_from(["k-1", "k-2", "k-3", "k-4"]), min_size=1, max_size=40)


@given(st.data(), KEYS)
def test_whatever_is_asked_there_is_one_that_signs(data: st.DataObject, kids: list[str]) -> None:
    """K-01 and K-02: any steps of any keys, taken or refused, leave one active key at most."""
    lives: Sequence[Life] = [
        a_life(State.ACTIVE),
        *(a_life(State.PUBLISHED, kid=f"k-{number}") for number in (2, 3, 4)),
    ]
    now = NOON
    for kid in kids:
        step = data.draw(st.sampled_from(Step))
        now += data.draw(st.integers(0, 100 * DAY))
        try:
            moves = decided(lives, kid, step, POLICY, now)
        except Refused:
            continue
        left = applied(lives, moves)
        assert_sound(lives, moves, left)
        lives = left


def assert_sound(lives: Sequence[Life], moves: Sequence[Move], left: Sequence[Life]) -> None:
    active = [life for life in left if life.state is State.ACTIVE]
    assert len(active) <= 1
    if signing(lives, "ES256") and waiting(lives, "ES256"):
        assert active, "where one can sign, one does"
    for number in range(len(moves)):
        step_by_step = applied(lives, moves[: number + 1])
        assert sum(life.state is State.ACTIVE for life in step_by_step) <= 1
    for move in moves:
        assert (move.was.state.value, move.step.value) in ALLOWED
        assert move.life.published_at <= move.life.changed_at
        if move.was.compromised_at is not None:
            assert not move.life.checks()


def test_whoever_stops_the_key_that_signs_begins_another() -> None:
    lives = [
        a_life(State.ACTIVE),
        a_life(State.PUBLISHED, kid="k-2", published_at=NOON),
        a_life(State.PUBLISHED, kid="k-3", published_at=NOON - 1),
    ]
    for step in (Step.SUSPEND, Step.COMPROMISE):
        moves = decided(lives, "k-1", step, POLICY, NOON)
        assert [(it.step, it.life.kid) for it in moves] == [(step, "k-1"), (Step.ACTIVATE, "k-3")]
        assert decided(lives[:1], "k-1", step, POLICY, NOON)[1:] == ()
    assert [it.step for it in decided(lives, "k-2", Step.SUSPEND, POLICY, NOON)] == [Step.SUSPEND]
    assert [it.life.kid for it in succession(lives, "ES256", POLICY, NOON)] == ["k-1", "k-3"]
    assert succession(lives, "RS256", POLICY, NOON) == ()


def test_what_cannot_be_asked_is_refused_in_words() -> None:
    lives = [a_life(State.ACTIVE)]
    for kid, step, why in (
        ("k-9", Step.SUSPEND, "no such key"),
        ("k-1", Step.SUPERSEDE, "another"),
    ):
        with pytest.raises(Refused, match=why):
            decided(lives, kid, step, POLICY, NOON)


def test_the_policy_says_what_it_will_do_and_when() -> None:
    lives = [
        a_life(State.ACTIVE, activated_at=NOON - 89 * DAY),
        a_life(State.PUBLISHED, kid="k-2"),
        a_life(State.RETIRING, kid="k-3"),
        a_life(State.RETIRED, kid="k-4", deactivated_at=NOON - DAY),
        a_life(State.PENDING_DESTRUCTION, kid="k-5"),
        a_life(State.COMPROMISED, kid="k-6"),
        a_life(State.SUSPENDED, kid="k-7"),
        a_life(State.DESTROYED, kid="k-8"),
        a_life(State.ACTIVE, kid="k-9", alg="PS256"),
    ]
    soon = NOON + POLICY.behind
    assert plan(lives, ["ES256", "PS256", "RS256"], POLICY, NOON) == [
        Task(NOON, "ES256", Step.DISCARD, "k-4"),
        Task(NOON, "PS256", Step.PUBLISH),
        Task(NOON, "RS256", Step.ACTIVATE),
        Task(soon, "ES256", Step.DISCARD, "k-6"),
        Task(soon, "ES256", Step.RETIRE, "k-3"),
        Task(NOON + DAY, "ES256", Step.ACTIVATE, "k-2"),
        Task(NOON + 7 * DAY, "ES256", Step.DESTROY, "k-5"),
    ]


def test_a_successor_that_came_late_is_waited_for() -> None:
    lives = [
        a_life(State.ACTIVE, activated_at=NOON - 120 * DAY),
        a_life(State.PUBLISHED, kid="k-2", published_at=NOON),
    ]
    [task] = plan(lives, ["ES256"], POLICY, NOON)
    assert task == Task(NOON + 48 * HOUR, "ES256", Step.ACTIVATE, "k-2")


def test_where_none_signs_whoever_waits_does_at_once_and_else_a_new_one() -> None:
    waits = a_life(State.PUBLISHED, kid="k-2", published_at=NOON)
    assert plan([waits], ["ES256"], POLICY, NOON) == [Task(NOON, "ES256", Step.ACTIVATE, "k-2")]
    assert plan([], ["ES256"], POLICY, NOON) == [Task(NOON, "ES256", Step.ACTIVATE)]
