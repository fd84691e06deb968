"""A signing service is believed as far as its signature verifies, and nothing takes its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from keys.ring import KeyRing
from keys.signers.held import CannotSign
from keys.signers.keepers import Keepers
from keys.signers.remote import LONGEST
from keys.signing_key import KeyFault, State
from tests.desk import open_desk
from tests.keys.samples import CLAIMS
from tests.keys.signers.service import Papers, papers, signing_service
from tests.keys.signers.told import Told
from tests.ports import free_port

pytestmark = pytest.mark.anyio

JWK = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43}
SHOWN: dict[str, Any] = {"reference": "k", "alg": "ES256", "jwk": JWK, "exportable": False}


@pytest.fixture
def known(tmp_path: Path) -> Papers:
    return papers(tmp_path)


async def test_it_sees_a_digest_and_no_claim(known: Papers) -> None:
    with open_desk(tls=known.server()) as desk:
        desk.body = b'{"signature": "AAAA"}'
        remote = known.caller(desk.port)
        assert await remote.sign("k", "ES256", b'{"sub": "ada"}') == b"\0\0\0"
        await remote.close()
    assert desk.paths == ["/v1/keys/k/sign"]
    assert "ada" not in str(desk.got)


async def test_a_service_that_is_gone_signs_nothing(known: Papers, told: Told) -> None:
    with signing_service(known) as (port, process):
        remote = known.caller(port)
        await remote.open()
        key = await Keepers([remote], makes="remote", watch=told).make("ES256", State.ACTIVE)
        ring = KeyRing([key])
        assert await ring.signed(CLAIMS, typ="JWT")
        await Keepers([remote]).discard(key)
        with pytest.raises(CannotSign, match="remote: it answers 404"):
            await ring.signed(CLAIMS, typ="JWT")
        process.kill()
        process.wait()
        with pytest.raises(CannotSign, match="remote: "):
            await ring.signed(CLAIMS, typ="JWT")
    await remote.close()
    assert [event.kid for event in told.refused] == [key.kid] * 2


async def test_a_slow_service_is_not_waited_for(known: Papers, told: Told) -> None:
    with open_desk(tls=known.server(), slow=True) as desk:
        remote = known.caller(desk.port)
        held = Keepers([remote], patience=0.2, watch=told).held("remote", "k")
        with pytest.raises(CannotSign, match="remote: it took too long"):
            await held.signer("kid", "ES256", lambda *_: True)(b"message")
        await remote.close()


@pytest.mark.parametrize(
    ("name", "authorities"),
    [("stranger", "authority"), ("us", "stranger")],
    ids=["a caller it does not know", "a service we do not know"],
)
async def test_both_sides_show_a_certificate(known: Papers, name: str, authorities: str) -> None:
    with signing_service(known) as (port, _):
        remote = known.caller(port, authorities=authorities, name=name)
        with pytest.raises(CannotSign):
            await remote.make("ES256")
        await remote.close()


async def test_files_that_are_no_certificates_are_said(known: Papers) -> None:
    known["us.key"].write_text("no key")
    with pytest.raises(CannotSign, match="cannot be used"):
        await known.caller(free_port()).open()


async def test_what_was_never_asked_is_closed_all_the_same(known: Papers) -> None:
    await known.caller(free_port()).close()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({**SHOWN, "exportable": True}, "exportable"),
        ({**SHOWN, "alg": "RS256"}, "not as agreed"),
        ({**SHOWN, "jwk": {**JWK, "d": "d"}}, "not as agreed"),
        ({**SHOWN, "jwk": {"kty": "oct", "k": "k"}}, "not as agreed"),
        ({**SHOWN, "reference": "../keys"}, "not as agreed"),
        ({**SHOWN, "reference": ["k"]}, "not as agreed"),
        ([], "not as agreed"),
        ("k" * LONGEST, "too long"),
    ],
    ids=map(str, range(8)),
)
async def test_an_answer_that_is_not_as_agreed_makes_no_key(
    known: Papers, answer: Any, why: str
) -> None:
    with open_desk(tls=known.server()) as desk:
        desk.body = json.dumps(answer).encode()
        remote = known.caller(desk.port)
        with pytest.raises(CannotSign, match=why):
            await remote.make("ES256")
        await remote.close()


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (404, b"<h1>404 Not Found</h1>", "not as agreed"),
        (404, b"", "not as agreed"),
        (404, b'{"error": "not_found"}', "not as agreed"),
        (404, b'{"error": "unknown_key"}', None),
        (403, b'{"error": "unknown_key"}', "it answers 403"),
    ],
    ids=["a proxy's page", "nothing", "no such path", "no such key", "another refusal"],
)
async def test_only_the_service_itself_says_that_a_key_is_gone(
    known: Papers, status: int, body: bytes, why: str | None
) -> None:
    with open_desk(tls=known.server()) as desk:
        desk.status, desk.body = status, body
        remote = known.caller(desk.port)
        if why is None:
            await remote.discard("k")
        else:
            with pytest.raises(CannotSign, match=why):
                await remote.discard("k")
        await remote.close()
    assert desk.paths == ["/v1/keys/k"]


@pytest.mark.parametrize("body", [b"{}", b"", b'{"signature": "="}', b'{"signature": 1}'])
async def test_a_signature_that_is_none_is_refused(known: Papers, body: bytes) -> None:
    with open_desk(tls=known.server()) as desk:
        desk.body = body
        remote = known.caller(desk.port)
        with pytest.raises(CannotSign, match="not as agreed"):
            await remote.sign("k", "ES256", b"message")
        await remote.close()


async def test_a_public_key_that_is_none_makes_no_key(known: Papers) -> None:
    with open_desk(tls=known.server()) as desk:
        desk.body = json.dumps(SHOWN).encode()
        remote = known.caller(desk.port)
        with pytest.raises(KeyFault, match="shows a public key that is none"):
            await Keepers([remote], makes="remote").make("ES256", State.ACTIVE)
        await remote.close()
