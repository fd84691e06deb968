"""The line of time: values from values, and shapes of the values."""

from dataclasses import replace

import pytest

from idp.pages.console.coming import alarms, coming, reached
from idp.pages.console.drawing import LEAST, NARROW, WIDE, Layout, Pen, drawn
from idp.pages.console.spoken import aloud, entry
from idp.pages.console.timeline import MOST, Bar, Kind, timeline, turn_of
from idp.pages.dates import ticks
from idp.pages.languages import load
from keys.algorithms import ALGORITHMS
from keys.lives.lifecycle import Life, Step
from keys.lives.places import Place
from keys.lives.plan import Task, plan
from keys.lives.policy import Policy
from keys.signing_key import State
from store.micros import DAY, HOUR, MINUTE, SECOND
from tests.world import NOON

POLICY = Policy()
ENGLISH, ARABIC = load()["en"], load()["ar"]
BEGAN = NOON - 20 * DAY
SIGNS = Life(
    kid="signs-in-full",
    alg="ES256",
    state=State.ACTIVE,
    created_at=BEGAN - 90 * DAY,
    published_at=BEGAN - 90 * DAY,
    activated_at=BEGAN,
    changed_at=BEGAN,
)
WAITS = Life(
    kid="waits",
    alg="ES256",
    state=State.PUBLISHED,
    created_at=BEGAN,
    published_at=BEGAN,
    changed_at=BEGAN,
)
WENT = Life(
    kid="went",
    alg="ES256",
    state=State.DESTROYED,
    created_at=BEGAN - 180 * DAY,
    published_at=BEGAN - 180 * DAY,
    activated_at=BEGAN - 90 * DAY,
    deactivated_at=BEGAN,
    changed_at=BEGAN + 8 * DAY,
)
RETIRES = replace(WENT, kid="retires", state=State.RETIRING, changed_at=BEGAN)
STOPPED = replace(
    SIGNS, kid="stopped", state=State.SUSPENDED, deactivated_at=NOON - DAY, changed_at=NOON - DAY
)
LOST = replace(STOPPED, kid="lost", state=State.COMPROMISED, compromised_at=NOON - DAY)
TURN = BEGAN + POLICY.every


def bars(*lives: Life, now: int = NOON) -> dict[str, tuple[Bar, ...]]:
    tasks = plan(lives, ("ES256",), POLICY, now)
    return {it.life.kid: it.bars for it in timeline(lives, tasks, POLICY, now).lanes}


def kinds(found: tuple[Bar, ...]) -> list[Kind]:
    return [it.kind for it in found]


def test_what_signs_is_drawn_until_now_and_then_as_planned() -> None:
    found = bars(SIGNS, WAITS)["signs-in-full"]

    assert found == (
        Bar(Kind.WAITING, NOON - 54 * DAY, BEGAN),
        Bar(Kind.SIGNING, BEGAN, NOON),
        Bar(Kind.PLANNED, NOON, TURN),
    )


def test_what_waits_is_shown_until_its_turn() -> None:
    assert bars(SIGNS, WAITS)["waits"] == (
        Bar(Kind.WAITING, BEGAN, TURN),
        Bar(Kind.PLANNED, TURN, NOON + 108 * DAY),
    )


def test_a_turn_that_is_late_is_now() -> None:
    late = TURN + DAY
    assert bars(SIGNS, WAITS, now=late)["waits"][0] == Bar(Kind.WAITING, late - 54 * DAY, late)


def test_without_a_successor_nobody_knows_when_it_ends() -> None:
    assert bars(SIGNS)["signs-in-full"][-1] == Bar(Kind.PLANNED, NOON, NOON + 108 * DAY)


def test_what_waits_where_nothing_signs_is_to_sign_at_once() -> None:
    waits, planned = bars(WAITS)["waits"]
    assert (waits.kind, waits.ends) == (Kind.WAITING, NOON)
    assert (planned.kind, planned.begins) == (Kind.PLANNED, NOON)


def test_a_key_that_went_leaves_its_mark_before_the_next() -> None:
    found = bars(WENT, SIGNS, WAITS)

    assert "went" not in found
    assert found["signs-in-full"][0] == Bar(Kind.PAST, NOON - 54 * DAY, BEGAN)
    assert kinds(found["signs-in-full"]) == [Kind.PAST, Kind.SIGNING, Kind.PLANNED]


def test_a_key_that_went_long_ago_or_never_signed_leaves_none() -> None:
    long_ago = replace(WENT, deactivated_at=NOON - 100 * DAY)
    never = replace(WENT, kid="never", activated_at=None, deactivated_at=None, changed_at=BEGAN)
    for gone in (long_ago, never):
        assert Kind.PAST not in kinds(bars(gone, SIGNS)["signs-in-full"])


def test_what_retires_is_shown_until_its_last_token_is_over() -> None:
    assert bars(RETIRES)["retires"][-1] == Bar(Kind.ENDING, BEGAN, BEGAN + POLICY.behind)


@pytest.mark.parametrize("life", [STOPPED, LOST])
def test_what_is_stopped_says_since_when(life: Life) -> None:
    found = bars(life)[life.kid]

    assert kinds(found) == [Kind.WAITING, Kind.SIGNING, Kind.STOPPED]
    assert found[-1] == Bar(Kind.STOPPED, NOON - DAY, NOON)


def test_a_key_that_was_shown_again_waits_anew() -> None:
    again = replace(STOPPED, state=State.PUBLISHED, published_at=NOON, changed_at=NOON)
    found = bars(again, SIGNS, WAITS)["stopped"]
    assert kinds(found)[:2] == [Kind.SIGNING, Kind.WAITING]
    assert found[1].ends > NOON


def test_lanes_go_by_algorithm_and_age_and_have_an_end() -> None:
    many = [replace(LOST, kid=f"lost {n}", compromised_at=NOON - n) for n in range(40)]
    others = [replace(SIGNS, kid=alg, alg=alg) for alg in ALGORITHMS]
    line = timeline([*many, *reversed(others)], (), POLICY, NOON)

    assert [it.life.kid for it in line.lanes if it.life.kid in ALGORITHMS] == [*ALGORITHMS]
    assert len(line.lanes) == MOST
    assert "lost 0" in {it.life.kid for it in line.lanes}
    assert "lost 39" not in {it.life.kid for it in line.lanes}


def test_of_no_keys_there_is_an_empty_line() -> None:
    line = timeline((), (), POLICY, NOON)
    assert line.lanes == ()
    assert line.begins < line.now < line.ends


def test_a_turn_is_of_what_signs_or_waits() -> None:
    tasks = [Task(NOON, "ES256", Step.ACTIVATE, "waits")]
    assert [turn_of(it, tasks) for it in (SIGNS, WAITS, STOPPED)] == [NOON, NOON, None]


@pytest.mark.parametrize("layout", [WIDE, NARROW])
@pytest.mark.parametrize("leftward", [False, True])
def test_every_shape_lies_on_the_paper(layout: Layout, leftward: bool) -> None:
    lives = (WENT, SIGNS, WAITS, RETIRES, STOPPED, LOST)
    line = timeline(lives, plan(lives, ("ES256",), POLICY, NOON), POLICY, NOON)

    made = drawn(Pen(line, layout, leftward), ticks(line.begins, line.ends, 7, ENGLISH))

    boxes = [box for row in made.rows for box in row.boxes]
    assert all(it.x >= 0 and it.x + it.width <= layout.width + LEAST for it in boxes)
    assert all(made.top <= it.y and it.y + it.height <= made.bottom for it in boxes)
    assert all(it.width >= LEAST for it in boxes)
    assert all(0 <= it.x <= layout.width for it in made.marks)


def test_where_one_reads_from_the_right_it_is_the_mirror_image() -> None:
    line = timeline((SIGNS, WAITS), plan((SIGNS, WAITS), ("ES256",), POLICY, NOON), POLICY, NOON)
    one, other = (drawn(Pen(line, WIDE, leftward), ()) for leftward in (False, True))

    assert other.now == WIDE.width - one.now
    for row, mirrored in zip(one.rows, other.rows, strict=True):
        assert mirrored.x == WIDE.width - row.x
        ends = [WIDE.width - it.x - it.width for it in row.boxes]
        assert [it.x for it in mirrored.boxes] == ends


def test_beside_the_bars_an_algorithm_is_named_once_and_above_them_each_time() -> None:
    line = timeline((SIGNS, WAITS), (), POLICY, NOON)
    named = [[row.alg for row in drawn(Pen(line, it, False), ()).rows] for it in (WIDE, NARROW)]
    assert named == [["ES256", ""], ["ES256", "ES256"]]


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (25 * SECOND, ["19:00:05", "19:00:10", "19:00:15", "19:00:20", "19:00:25"]),
        (25 * MINUTE, ["19:05", "19:10", "19:15", "19:20", "19:25"]),
        (5 * HOUR, ["20:00", "21:00", "22:00", "23:00", "00:00"]),
        (4 * DAY, ["2 Jan", "3 Jan", "4 Jan", "5 Jan"]),
        (20 * DAY, ["3 Jan", "10 Jan", "17 Jan"]),
        (162 * DAY, ["Feb", "Mar", "Apr", "May", "Jun"]),
        (300 * DAY, ["Mar", "May", "Jul", "Sept"]),
        (1500 * DAY, ["2031", "2032", "2033", "2034"]),
    ],
)
def test_times_that_are_marked_are_round_and_few(span: int, labels: list[str]) -> None:
    begins = NOON + SECOND
    found = ticks(begins, begins + span, 6, ENGLISH)
    assert [it.label for it in found] == labels
    assert all(begins <= it.at <= begins + span for it in found)


def test_what_comes_in_the_same_minute_is_told_once_and_the_soonest_first() -> None:
    tasks = [
        Task(NOON + DAY, "RS256", Step.ACTIVATE, "a"),
        Task(NOON + DAY + SECOND, "ES256", Step.ACTIVATE, "b"),
        Task(NOON - SECOND, "EdDSA", Step.PUBLISH),
        Task(NOON + HOUR, "ES256", Step.RETIRE, "c"),
        Task(NOON + 2 * DAY, "ES256", Step.DESTROY, "c"),
    ]

    told = coming(sorted(tasks), ENGLISH, NOON)

    assert [(it.when, it.what, it.algs) for it in told] == [
        ("", "1 successor is made", "EdDSA"),
        ("1 Jan 2030, 20:00", "1 key leaves the key set", "ES256"),
        ("2 Jan 2030, 19:00", "2 keys begin to sign", "RS256, ES256"),
    ]
    [last] = coming(tasks[-1:], ENGLISH, NOON)
    assert last.what == "1 old key is put away"


@pytest.mark.parametrize(
    ("per_cent", "told"), [(79, 0), (80, 80), (99, 80), (100, 100), (119, 100), (120, 120)]
)
def test_a_key_that_signs_too_long_is_told_of(per_cent: int, told: int) -> None:
    life = replace(SIGNS, activated_at=NOON - POLICY.reached(per_cent))

    assert reached(life, POLICY, NOON) == told
    found = alarms([life, STOPPED], POLICY, ENGLISH, NOON)
    assert [(it.per_cent, it.part, it.most) for it in found] == (
        [(told, f"{told}%", "120%")] if told else []
    )


def test_the_worst_is_told_first() -> None:
    old = replace(SIGNS, activated_at=NOON - POLICY.reached(85))
    older = replace(SIGNS, kid="older", activated_at=NOON - POLICY.reached(130))
    assert [it.short for it in alarms([old, older], POLICY, ENGLISH, NOON)] == ["older", "signs-in"]


def test_every_key_is_said_aloud() -> None:
    tasks = [Task(TURN, "ES256", Step.ACTIVATE, "waits")]
    said = [str(aloud(it, tasks, ENGLISH).striptags()) for it in (SIGNS, WAITS, STOPPED, RETIRES)]
    assert said == [
        "signs-in (ES256) signs since 12 Dec 2029, 19:00, and is to sign until 12 Mar 2030, 19:00.",
        "waits (ES256) is shown since 12 Dec 2029, 19:00, and is to sign from 12 Mar 2030, 19:00.",
        "stopped (ES256) is suspended since 31 Dec 2029, 19:00.",
        "retires (ES256) is retiring since 12 Dec 2029, 19:00.",
    ]
    assert str(aloud(SIGNS, (), ENGLISH).striptags()).endswith("signs since 12 Dec 2029, 19:00.")
    assert str(aloud(WAITS, (), ENGLISH).striptags()).endswith("is shown since 12 Dec 2029, 19:00.")
    assert 'dir="ltr"' in aloud(SIGNS, (), ARABIC)


def test_a_line_of_the_table_says_where_a_key_is_kept_and_until_when_it_signs() -> None:
    tasks = [Task(TURN, "ES256", Step.ACTIVATE, "waits")]
    signs, waits = (entry(it, Place.TOKEN, tasks, ENGLISH) for it in (SIGNS, WAITS))

    assert (signs.short, signs.state, signs.tone) == ("signs-in", "active", "safe")
    assert (signs.since, signs.until) == ("12 Dec 2029", "12 Mar 2030")
    assert (signs.place, waits.until) == ("hardware module", "")
