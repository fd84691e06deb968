"""The population register by its HTTP contract."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from examples.registers.access import Pairing, Unavailable
from examples.registers.app import create, pseudonym
from examples.registers.make_people import PEOPLE

pytestmark = pytest.mark.anyio

ISSUER = "https://id.example"
SECRET = "agreed between this register and the provider"
NOW = 1_893_499_200  # 1 January 2030, noon
MINH_ANH = pseudonym(SECRET, "097190004127")
REASON = {
    "Nid-Txn": "t-1",
    "Nid-Purpose": "income-tax-refund",
    "Nid-Basis": "statutory",
    "Nid-On-Behalf": "tax-department",
}


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@dataclass
class Provider:
    """Signs as the provider does; counts how often its keys were fetched."""

    key: ECKey = field(default_factory=new_key)
    fetched: int = 0
    down: bool = False

    async def keys(self) -> KeySet:
        if self.down:
            raise Unavailable
        self.fetched += 1
        return KeySet([self.key])

    def token(
        self, key: ECKey | None = None, typ: str = "register-access+jwt", **changes: Any
    ) -> str:
        signing = key or self.key
        claims: dict[str, Any] = {"iss": ISSUER, "sub": ISSUER, "aud": "population", "jti": "j-1"}
        claims |= {"iat": NOW, "exp": NOW + 60, **changes}
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": signing.kid, "typ": typ}, said, signing)


@dataclass
class Reader:
    provider: Provider
    http: AsyncClient

    async def read(
        self, who: str, fields: str, token: str | None = None, **headers: str
    ) -> Response:
        bearer = {"Authorization": f"Bearer {token or self.provider.token()}"}
        url = f"/v1/subjects/{who}/attributes"
        sent = {name: text for name, text in {**REASON, **bearer, **headers}.items() if text}
        return await self.http.get(url, params={"fields": fields}, headers=sent)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    provider = Provider()
    pairing = Pairing(ISSUER, "population", SECRET, provider.keys, clock=lambda: NOW)
    register = create(json.loads(PEOPLE.read_text("utf-8")), pairing, demonstration=True)
    transport = ASGITransport(register)
    async with AsyncClient(transport=transport, base_url="http://register") as http:
        yield Reader(provider, http)


async def test_values_come_with_their_age(reader: Reader) -> None:
    answer = await reader.read(MINH_ANH, "birthdate,sex")

    assert answer.status_code == 200
    assert answer.json() == {
        "as_of": "2030-01-01T12:00:00Z",
        "attributes": {
            "birthdate": {"value": "1990-03-05", "updated_at": "2021-07-01", "status": "current"},
            "sex": {"value": "female", "updated_at": "2021-07-01", "status": "current"},
        },
    }
    assert answer.headers["cache-control"] == "private, max-age=0"


async def test_names_and_addresses_have_members(reader: Reader) -> None:
    attributes = (await reader.read(MINH_ANH, "name,address_permanent")).json()["attributes"]

    assert attributes["name"]["value"] == {
        "name": "Nguyễn Minh Anh",
        "family_name": "Nguyễn",
        "middle_name": "Minh",
        "given_name": "Anh",
    }
    members = {"formatted", "street_address", "locality", "region", "country"}
    assert attributes["address_permanent"]["value"].keys() == members


async def test_what_the_register_does_not_hold_is_absent(reader: Reader) -> None:
    at_sea = pseudonym(SECRET, "098078000582")
    answer = await reader.read(at_sea, "sex,address_permanent")
    assert answer.json()["attributes"].keys() == {"sex"}


async def test_someone_it_does_not_know(reader: Reader) -> None:
    answer = await reader.read(pseudonym(SECRET, "097085000103"), "name")
    assert (answer.status_code, answer.json()) == (404, {"error": "no_record"})


async def test_another_pairing_has_other_names_for_the_same_people(reader: Reader) -> None:
    answer = await reader.read(pseudonym("another", "097190004127"), "name")
    assert answer.status_code == 404


@pytest.mark.parametrize("fields", ["", "name,", "religion", "name,religion", "NAME"])
async def test_a_field_it_does_not_have(reader: Reader, fields: str) -> None:
    answer = await reader.read(MINH_ANH, fields)
    assert (answer.status_code, answer.json()) == (400, {"error": "unknown_field"})


async def test_nothing_new_is_not_sent_again(reader: Reader) -> None:
    tag = (await reader.read(MINH_ANH, "name")).headers["etag"]

    again = await reader.read(MINH_ANH, "name", **{"If-None-Match": tag})
    other = await reader.read(MINH_ANH, "sex", **{"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["nid-as-of"] == "2030-01-01T12:00:00Z"
    assert other.status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"sub": "somebody"},
        {"aud": "business"},
        {"aud": ["population", "business"]},
        {"exp": NOW - 11},
        {"iat": NOW + 60, "exp": NOW + 120},
        {"exp": NOW + 3600},
        {"iss": None},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"jti": None},
        {"typ": "JWT"},
        {"typ": "at+jwt"},
        {"key": new_key()},
    ],
    ids=lambda changes: f"{[*changes]} {[*changes.values()]}" if "key" not in changes else "key",
)
async def test_a_token_that_is_not_for_this_register_now(
    reader: Reader, changes: dict[str, Any]
) -> None:
    answer = await reader.read(MINH_ANH, "name", token=reader.provider.token(**changes))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi"])
async def test_something_that_is_no_token(reader: Reader, header: str) -> None:
    answer = await reader.read(MINH_ANH, "name", Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_keys_are_fetched_at_the_first_question_and_for_a_key_never_seen(
    reader: Reader,
) -> None:
    assert reader.provider.fetched == 0
    for _ in range(3):
        await reader.read(MINH_ANH, "name")
    assert reader.provider.fetched == 1

    reader.provider.key = new_key()
    assert (await reader.read(MINH_ANH, "name")).status_code == 200
    assert reader.provider.fetched == 2

    stranger = reader.provider.token(new_key())
    assert (await reader.read(MINH_ANH, "name", token=stranger)).status_code == 401
    assert reader.provider.fetched == 3


async def test_nobody_is_admitted_while_the_keys_cannot_be_had(reader: Reader) -> None:
    reader.provider.down = True
    assert (await reader.read(MINH_ANH, "name")).status_code == 503

    reader.provider.down = False
    assert (await reader.read(MINH_ANH, "name")).status_code == 200


@pytest.mark.parametrize("name", list(REASON))
@pytest.mark.parametrize("text", ["", "a" * 201, 'x"y'])
async def test_a_reading_without_a_reason(reader: Reader, name: str, text: str) -> None:
    answer = await reader.read(MINH_ANH, "name", **{name: text})
    assert (answer.status_code, answer.json()) == (400, {"error": "no_reason"})


async def test_who_read_what_and_why_is_written_down_without_the_values(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="register.access")

    await reader.read(MINH_ANH, "name,id_number")

    [line] = [record.getMessage() for record in caplog.records if record.name == "register.access"]
    assert json.loads(line) == {
        "txn": "t-1",
        "purpose": "income-tax-refund",
        "basis": "statutory",
        "on-behalf": "tax-department",
        "subject": MINH_ANH,
        "fields": ["name", "id_number"],
        "status": 200,
    }


async def test_a_slash_too_many_leads_nowhere(reader: Reader) -> None:
    answer = await reader.http.get("/healthz/", headers={"Host": "evil.example"})
    assert (answer.status_code, "location" in answer.headers) == (404, False)


async def test_it_can_be_told_to_fail_and_to_recover(reader: Reader) -> None:
    for mode, status in (("down", 503), ("none", 200)):
        assert (await reader.http.post("/faults", json={"mode": mode})).json() == {"mode": mode}
        assert (await reader.read(MINH_ANH, "name")).status_code == status


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"mode": "fire"}', b"{}", b"\xff", b"[" * 100_000]
)
async def test_a_fault_it_does_not_know(reader: Reader, body: bytes) -> None:
    said = {"Content-Type": "application/json"}
    answer = await reader.http.post("/faults", content=body, headers=said)
    assert answer.status_code == 400


async def test_no_page_of_another_site_can_make_it_fail(reader: Reader) -> None:
    answer = await reader.http.post("/faults", content=b'{"mode": "down"}')
    assert answer.status_code == 415


async def test_nobody_elsewhere_can_make_it_fail() -> None:
    pairing = Pairing(ISSUER, "population", SECRET, Provider().keys)
    elsewhere = ASGITransport(create([], pairing, demonstration=True), client=("203.0.113.5", 1))
    async with AsyncClient(transport=elsewhere, base_url="http://register") as http:
        assert (await http.post("/faults", json={"mode": "down"})).status_code == 403


async def test_a_register_that_serves_has_no_switch_for_faults() -> None:
    provider = Provider()
    register = create([], Pairing(ISSUER, "population", SECRET, provider.keys))
    async with AsyncClient(transport=ASGITransport(register), base_url="http://register") as http:
        assert (await http.post("/faults", json={"mode": "down"})).status_code == 404
