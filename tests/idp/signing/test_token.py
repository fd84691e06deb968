"""The whole program with keys in a token: people sign in, others verify, nothing signs instead."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import jose.jwt
import pytest

from keys.lives.by import By
from keys.signing_key import KeyFault
from ledger.kinds import SigningRefused
from store.micros import MINUTE
from tests.keys.signers import softhsm
from tests.keys.signers.softhsm import Token
from tests.keys.signers.test_pkcs11 import stuck
from tests.oidc.front import browser, exchange, read_token, userinfo
from tests.world import World, beginning, open_world

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def kept(data: Path, token: Token, **changes: Any) -> AsyncIterator[World]:
    """A world whose keys are made in the token."""
    for name, content in (await beginning()).items():
        (data / name).write_bytes(content)
    with closing(sqlite3.connect(data / "motcua.db", isolation_level=None)) as sql:
        sql.execute("DELETE FROM signing_key")
    pkcs11 = {
        "module": token.module,
        "token_label": token.label,
        "pin_file": token.pin_file,
        "sessions": 2,
    }
    keys = {"provider": "pkcs11", "pkcs11": pkcs11, "patience": 10, **changes}
    async with open_world(data, fresh=False, keys=keys) as world:
        yield world


@pytest.fixture
def token(tmp_path: Path) -> Token:
    return softhsm.token(tmp_path, mine=True)


async def test_a_person_signs_in_with_a_key_of_the_token(tmp_path: Path, token: Token) -> None:
    async with kept(tmp_path, token) as world:
        ada = browser(world)
        await ada.sign_in()
        await ada.agree("person.email")
        tokens = await ada.tokens(scope="openid profile email")
        assert (await userinfo(world, tokens["access_token"])).json()["name"] == "Ada Lovelace"

        keys = (await world.rp.get("/jwks")).json()
        (usual,) = (key for key in keys["keys"] if key["alg"] == "ES256")
        id_token, loose = tokens["id_token"], {"verify_exp": False, "verify_at_hash": False}
        said = jose.jwt.decode(id_token, usual, "ES256", audience="shop", options=loose)
        theirs = (await read_token(world, id_token, "ES256")).claims  # as Authlib reads it
        assert said == theirs
        assert world.rows("SELECT DISTINCT provider FROM signing_key") == ["pkcs11"]
        assert world.rows("SELECT count(*) FROM signing_key WHERE private_sealed IS NOT NULL") == [
            0
        ]


async def test_keys_turn_in_the_token_and_old_private_parts_are_destroyed(
    tmp_path: Path, token: Token
) -> None:
    async with kept(tmp_path, token) as world:
        ada = browser(world)
        await ada.sign_in()
        before = await ada.tokens(scope="openid")
        first = world.rows("SELECT kid FROM signing_key")

        custody = world.house.parts.custody
        await custody.rotate(By("o-1", "a test"), world.now)
        await custody.put_away(world.now)
        late = await ada.tokens(scope="openid")  # with the ring of a moment ago

        world.now += MINUTE
        await custody.put_away(world.now)
        after = await ada.tokens(scope="openid")

        kept_now = world.rows("SELECT kid FROM signing_key WHERE reference IS NOT NULL")
        assert len(kept_now) == len(first) == 5
        assert not {*first} & {*kept_now}
        assert (await read_token(world, late["id_token"])).header["kid"] in first
        assert (await read_token(world, after["id_token"])).header["kid"] in kept_now
        for tokens in (before, late, after):
            assert (await userinfo(world, tokens["access_token"])).status_code == 200


async def test_a_code_is_not_used_up_by_a_token_that_does_not_sign(
    tmp_path: Path, token: Token
) -> None:
    async with kept(tmp_path, token, patience=0.5) as world:
        ada = browser(world)
        await ada.sign_in()
        code = await ada.code(scope="openid")

        async with stuck(token):
            refused = await exchange(world, code)
            known = await world.rp.get("/jwks")

        assert (refused.status_code, refused.json()["error"]) == (503, "temporarily_unavailable")
        assert refused.headers["retry-after"] == "1"
        assert known.status_code == 200
        (alarm,) = [event for event in world.watch.seen if isinstance(event, SigningRefused)]
        assert (alarm.provider, alarm.why) == ("pkcs11", "it took too long")
        assert (await exchange(world, code)).status_code == 200


async def test_with_the_token_taken_out_nothing_is_signed(tmp_path: Path, token: Token) -> None:
    async with kept(tmp_path, token) as world:
        ada = browser(world)
        await ada.sign_in()
        codes = [await ada.code(scope="openid") for _ in range(3)]
        with token.taken_out():
            answers = [await exchange(world, code) for code in codes]
            assert {answer.status_code for answer in answers} == {503}
            assert not any("token" in answer.text for answer in answers)


async def test_a_wrong_pin_is_said_and_nothing_starts(tmp_path: Path, token: Token) -> None:
    token.pin_file.write_text("0000-wrong")
    with pytest.raises(KeyFault, match="kept by pkcs11: the token refuses the PIN"):
        async with kept(tmp_path, token):
            pass
