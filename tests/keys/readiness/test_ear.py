"""What a process remembers of fetches until it is written: little, and each once an hour."""

from keys.readiness.ear import AGAIN, Ear
from keys.readiness.judge import Fetch
from keys.ring import KeyRing
from keys.signing_key import State
from tests.keys.readiness.samples import fetch
from tests.keys.samples import NOON, es256

ACTIVE, NEXT, GONE = es256(), es256(State.PUBLISHED), es256(State.RETIRED)
RING = KeyRing([ACTIVE, NEXT, GONE])


def heard(ear: Ear) -> list[Fetch]:
    return sorted(ear.taken(), key=lambda it: (it.client_id, it.kid))


def test_whoever_fetches_has_all_that_is_shown_and_nothing_else() -> None:
    ear = Ear()
    ear.heard("shop", RING, NOON)
    kids = sorted([ACTIVE.kid, NEXT.kid])
    assert heard(ear) == [fetch("shop", kid) for kid in kids]
    assert heard(ear) == [], "it is written once"


def test_whoever_asks_again_for_the_same_is_written_once_an_hour() -> None:
    ear = Ear()
    for second in range(0, AGAIN, AGAIN // 100):
        ear.heard("shop", RING, NOON + second)
    assert {it.last_at for it in heard(ear)} == {NOON}
    ear.heard("shop", RING, NOON + AGAIN - 1)
    assert heard(ear) == []
    ear.heard("shop", RING, NOON + AGAIN)
    assert {it.last_at for it in heard(ear)} == {NOON + AGAIN}


def test_another_key_set_is_written_at_once() -> None:
    ear, other = Ear(), KeyRing([ACTIVE])
    ear.heard("shop", RING, NOON)
    heard(ear)
    ear.heard("shop", other, NOON + 1)
    assert heard(ear) == [fetch("shop", ACTIVE.kid, NOON + 1)]
    ear.heard("bank", other, NOON + 1)
    assert [it.client_id for it in heard(ear)] == ["bank"]


def test_what_could_not_be_written_is_kept_with_its_first_and_last_time() -> None:
    ear = Ear()
    ear.heard("shop", RING, NOON)
    early = ear.taken()
    ear.heard("shop", RING, NOON + AGAIN)
    late = ear.taken()
    for order in ((early, late), (late, early)):
        for fetches in order:
            ear.wait(fetches)
        assert {(it.first_at, it.last_at) for it in heard(ear)} == {(NOON, NOON + AGAIN)}
