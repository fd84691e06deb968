"""K-25: wherever a key lies, this holds of it."""

import asyncio
import json

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, import_key

from keys.algorithms import ALGORITHMS
from keys.ring import KeyRing
from keys.signers.held import CannotSign
from keys.signers.keepers import Keepers
from keys.signing_key import KeyFault, SigningKey, State
from tests.keys.samples import CLAIMS
from tests.keys.signers.told import Told

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:EdDSA is deprecated"),  # by its old name
]


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_it_signs_what_others_verify_with_the_published_set(
    keepers: Keepers, told: Told, alg: str
) -> None:
    key = await keepers.make(alg, State.ACTIVE)
    ring = KeyRing([key])

    for typ in ("JWT", "at+jwt"):
        token = await ring.signed(CLAIMS, typ=typ, alg=alg)
        assert KeyRing([key]).verify(token, typ=typ) == CLAIMS
        keys = KeySet.import_key_set(json.loads(ring.jwks_body))
        assert jwt.decode(token, keys, algorithms=[alg]).claims == CLAIMS

    assert not told.refused


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_its_public_part_has_the_name_of_rfc_7638(keepers: Keepers, alg: str) -> None:
    key = await keepers.make(alg, State.PUBLISHED)
    assert import_key(dict(key.public)).thumbprint() == key.kid
    assert (key.alg, key.public["use"], key.state) == (alg, "sig", State.PUBLISHED)
    await proven(key, keepers)


async def test_each_is_another(keepers: Keepers) -> None:
    made = await asyncio.gather(*(keepers.make("ES256", State.ACTIVE) for _ in range(4)))
    assert len({key.kid for key in made}) == 4


async def test_many_signatures_at_once_are_each_of_their_message(keepers: Keepers) -> None:
    ring = KeyRing([await keepers.make("ES256", State.ACTIVE)])
    tokens = await asyncio.gather(
        *(ring.signed({"sub": str(number)}, typ="JWT") for number in range(40))
    )
    assert [ring.verify(token, typ="JWT")["sub"] for token in tokens] == [*map(str, range(40))]


async def test_what_was_made_in_vain_is_gone(keepers: Keepers) -> None:
    key = await keepers.make("ES256", State.ACTIVE)
    await keepers.discard(key)
    if key.held is not None:
        with pytest.raises(CannotSign):
            await KeyRing([key]).signed(CLAIMS, typ="JWT")
    await keepers.discard(key)  # who was killed before anybody heard of it is followed by another


async def proven(key: SigningKey, keepers: Keepers) -> None:
    key.prove()
    await keepers.prove(key)


async def test_another_key_than_its_row_says_is_found_out(keepers: Keepers) -> None:
    one, other = [await keepers.make("ES256", State.ACTIVE) for _ in range(2)]
    mixed = SigningKey(one.public, State.ACTIVE, other.private, other.held)
    with pytest.raises(KeyFault, match="another"):
        await proven(mixed, keepers)


async def test_a_place_that_the_settings_do_not_name_keeps_nothing(keepers: Keepers) -> None:
    with pytest.raises(KeyFault, match="kept by elsewhere, of which the settings say nothing"):
        keepers.held("elsewhere", "00")
