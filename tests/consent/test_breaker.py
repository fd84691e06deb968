"""A register that keeps failing is left alone, then tried by one caller. Pure."""

from consent.registers.breaker import MOST_FAILURES, PAUSE, WORKING, Breaker
from tests.consent.house import NOON


def failing(times: int) -> Breaker:
    breaker = WORKING
    for _ in range(times):
        breaker = breaker.trying(NOON).failed(NOON)
    return breaker


def test_a_few_failures_stop_nobody() -> None:
    assert failing(MOST_FAILURES - 1).may_try(NOON)


def test_one_more_and_it_is_left_alone_for_a_while() -> None:
    breaker = failing(MOST_FAILURES)
    assert not breaker.may_try(NOON)
    assert not breaker.may_try(NOON + PAUSE - 1)
    assert breaker.may_try(NOON + PAUSE)


def test_after_the_pause_one_caller_tries_while_the_others_wait() -> None:
    trying = failing(MOST_FAILURES).trying(NOON + PAUSE)
    assert not trying.may_try(NOON + PAUSE)
    assert not trying.failed(NOON + PAUSE).may_try(NOON + 2 * PAUSE - 1)


def test_while_it_works_any_number_may_ask_at_once() -> None:
    assert WORKING.trying(NOON).trying(NOON) == WORKING
