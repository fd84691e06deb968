"""What a drill makes of the answers it gets: only a refusal is one."""

import pytest

from idp.signing.drill import NoDrill, Probe
from store.micros import SECOND
from tests.keys.samples import CLAIMS
from tests.world import World

pytestmark = pytest.mark.anyio


async def probe(world: World, alg: str = "ES256") -> Probe:
    ring = await world.ports.keys.current(world.now)
    token = await ring.signed({**CLAIMS, "aud": "shop"}, typ="JWT", alg=alg)
    return Probe(world.rp, "k-1", token)


async def test_a_hint_is_believed_until_its_key_is_lost(world: World) -> None:
    asked = await probe(world)
    assert await asked.refused() is False
    world.sql.execute("UPDATE signing_key SET state = 'compromised', compromised_at = 1")
    world.now += SECOND
    assert await asked.refused() is True


async def test_a_program_that_cannot_answer_has_refused_nothing(world: World) -> None:
    asked = await probe(world)
    world.sql.execute("ALTER TABLE client RENAME TO away")
    world.now += 2 * SECOND
    with pytest.raises(NoDrill, match="answers 50"):
        await asked.refused()
