"""K-03, K-25: a key that another holds signs like ours, or nothing is signed and that is told."""

from dataclasses import replace

import pytest

from keys.algorithms import ALGORITHMS
from keys.ring import KeyRing, NoActiveKey
from keys.signers.held import CannotSign
from keys.signing_key import KeyFault, State
from tests.keys.samples import CLAIMS, es256, one
from tests.keys.signers.next_room import NextRoom, held_key
from tests.keys.signers.told import Told

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("typ", ["JWT", "at+jwt"])
async def test_what_another_signs_is_a_token_like_ours(alg: str, typ: str) -> None:
    key = await held_key(NextRoom(), alg)
    ring = KeyRing([key])
    token = await ring.signed(CLAIMS, typ=typ, alg=alg)
    assert ring.verify(token, typ=typ) == KeyRing([key]).verify(token, typ=typ) == CLAIMS
    assert ring.algorithms() == (alg,)


async def test_keys_that_are_here_and_elsewhere_make_one_ring() -> None:
    ring = KeyRing([one("RS256"), await held_key(NextRoom())])
    assert ring.waits
    assert ring.algorithms() == ("ES256", "RS256")
    for alg in ring.algorithms():
        token = await ring.signed(CLAIMS, typ="JWT", alg=alg)
        assert ring.verify(token, typ="JWT") == CLAIMS
    assert not KeyRing([one("RS256")]).waits


async def test_a_key_elsewhere_is_never_signed_for_here() -> None:
    ring = KeyRing([await held_key(NextRoom()), es256(State.PUBLISHED)])
    with pytest.raises(NoActiveKey):
        ring.sign(CLAIMS, typ="JWT")
    with pytest.raises(NoActiveKey):
        await ring.signed(CLAIMS, typ="JWT", alg="RS256")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("gone", "nobody answers"),
        ("slow", "it took too long"),
        ("wrong", "what it signed does not verify"),
    ],
)
async def test_where_the_keeper_fails_nothing_is_signed_and_somebody_is_told(
    fault: str, why: str
) -> None:
    room, told = NextRoom(), Told()
    key = await held_key(room, watch=told)
    ring = KeyRing([key])
    room.fault = fault

    with pytest.raises(CannotSign, match=f"^next room: {why}$"):
        await ring.signed(CLAIMS, typ="at+jwt")

    (event,) = told.refused
    assert (event.provider, event.kid, event.why) == ("next room", key.kid, why)
    room.fault = ""
    assert await ring.signed(CLAIMS, typ="at+jwt")


@pytest.mark.parametrize("state", [State.PUBLISHED, State.RETIRING, State.RETIRED])
async def test_only_an_active_key_signs_elsewhere(state: State) -> None:
    with pytest.raises(KeyFault, match="not active"):
        replace(await held_key(NextRoom()), state=state).signer_elsewhere()


async def test_a_key_that_is_here_is_not_elsewhere() -> None:
    with pytest.raises(KeyFault, match="not elsewhere"):
        es256().signer_elsewhere()


async def test_a_key_elsewhere_proves_its_public_part() -> None:
    key = await held_key(NextRoom())
    key.prove()
    with pytest.raises(KeyFault, match="name of another"):
        replace(key, public={**key.public, "kid": "another"}).prove()
