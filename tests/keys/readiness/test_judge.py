"""How ready a key is: a table of values."""

import pytest

from keys.readiness.judge import Fetch, Has, of_all, readiness
from keys.signing_key import SHOWN, State
from tests.keys.readiness.samples import fetch, service
from tests.keys.samples import NOON
from tests.keys.test_lifecycle import a_life

KEY = a_life(State.PUBLISHED, published_at=NOON)


def names(*seen: object) -> list[str]:
    return [it.service.client_id for it in seen]  # type: ignore[attr-defined]  # each is a Seen


def test_each_service_has_it_or_has_it_not_or_nobody_knows() -> None:
    services = [service("a", 1), service("b", 2), service("c", 7, known=False)]
    found = readiness(KEY, services, [fetch("a", KEY.kid), fetch("b", "another")])
    assert names(*found.fetched) == ["a"]
    assert names(*found.stale) == ["b"]
    assert names(*found.unknown) == ["c"]
    assert (len(found.fetched), found.known) == (1, 2)
    assert [found.share(has) for has in Has] == pytest.approx([0.1, 0.2, 0.7])
    assert (found.fetched[0].first_at, found.stale[0].first_at) == (NOON, None)


def test_who_was_seen_has_it_although_it_is_told_from_nobody() -> None:
    found = readiness(KEY, [service("a", known=False)], [fetch("a", KEY.kid)])
    assert names(*found.fetched) == ["a"]


def test_who_carries_most_is_named_first() -> None:
    services = [service("a", 1), service("c", 5), service("b", 1)]
    assert names(*readiness(KEY, services, ()).services) == ["c", "a", "b"]


def test_only_services_that_are_signed_to_by_its_algorithm_count() -> None:
    services = [service("a", 1), service("b", 99, algs=frozenset({"RS256"}))]
    found = readiness(KEY, services, ())
    assert names(*found.services) == ["a"]
    assert found.share(Has.NOT) == 1.0


def test_what_was_fetched_before_the_key_was_hidden_for_a_while_counts_no_more() -> None:
    def at(last: int) -> list[str]:
        return names(*readiness(KEY, [service("a")], [Fetch("a", KEY.kid, 0, last)]).fetched)

    assert at(NOON - 1) == []
    assert at(NOON) == ["a"]


@pytest.mark.parametrize(
    ("fetched", "tolerated", "ready"),
    [
        ((), 1.0, False),
        (("big",), 1.0, True),
        (("big",), 0.9, False),
        (("big", "small"), 0.0, True),
        (("small",), 99.0, True),
        ((), 100.0, True),
    ],
)
def test_it_is_ready_when_little_hangs_on_those_that_have_it_not(
    fetched: tuple[str, ...], tolerated: float, ready: bool
) -> None:
    services = [service("big", 99), service("small", 1)]
    found = readiness(KEY, services, [fetch(it, KEY.kid) for it in fetched])
    assert found.is_ready(tolerated) == ready


@pytest.mark.parametrize("tolerated", range(1, 100))
def test_exactly_as_many_as_are_tolerated_hold_nothing(tolerated: int) -> None:
    stale = [service(f"{i}", 1) for i in range(tolerated)]
    services = [*stale, service("big", 100 - tolerated)]
    found = readiness(KEY, services, [fetch("big", KEY.kid)])
    assert found.is_ready(float(tolerated))
    assert not found.is_ready(tolerated - 0.001)


def test_a_limit_is_read_as_it_is_written() -> None:
    services = [service("stale", 29), service("big", 9971)]
    found = readiness(KEY, services, [fetch("big", KEY.kid)])
    assert (found.is_ready(0.29), found.is_ready(0.2899)) == (True, False)


def test_unknown_services_hold_nothing_however_many_sign_in_there() -> None:
    services = [service("a", 1, known=False), service("b", 0)]
    assert readiness(KEY, services, ()).is_ready(0.0)


def test_where_nobody_has_signed_in_nothing_is_held() -> None:
    found = readiness(KEY, [service("a")], ())
    assert (names(*found.stale), found.is_ready(0.0)) == (["a"], True)


def test_every_key_that_is_shown_is_judged() -> None:
    lives = [a_life(state, kid=state.value) for state in State]
    found = of_all(lives, [service("a")], [fetch("a", "published", 2 * NOON)])
    assert {it.kid for it in found} == SHOWN
    assert [it.kid for it in found if it.fetched] == ["published"]
