"""RFC 7591 and OpenID Connect Registration: clients that register themselves."""

import json
from asyncio import gather
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from clients.dynamic.members import KNOWN
from clients.model import BY_THE_HOUSE, Client
from store.micros import DAY, HOUR, SECOND
from tests.desk import open_desk
from tests.keys.samples import ec_key, public, rsa_key
from tests.oidc.front import ADA, answered, browser, exchange, read_token, userinfo, why
from tests.oidc.registering import (
    HERE,
    bearer,
    invited,
    open_to_all,
    post,
    refused,
    registered,
)
from tests.oidc.test_client_secret_jwt import statement
from tests.oidc.test_private_key_jwt import show
from tests.oidc.values import CALLBACK, ISSUER
from tests.sample import DELIVERY
from tests.world import World, basic, open_world

pytestmark = pytest.mark.anyio

OPENID = "/.well-known/openid-configuration"
MANY = ["https://shop.example/cb", "https://tax.example/cb"]
METADATA = "invalid_client_metadata"
ADDRESS = "invalid_redirect_uri"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_to_all(tmp_path) as opened:
        yield opened


@pytest.mark.protocol(13, 14, 15, 19)
async def test_a_registration_says_all_that_was_registered_with_its_defaults(world: World) -> None:
    answer = await post(world)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    client_id = said["client_id"]
    assert len(said.pop("client_secret")) == len(said.pop("registration_access_token")) == 43
    expected = {
        "client_id": client_id,
        "client_id_issued_at": world.now // SECOND,
        "client_secret_expires_at": 0,
        "registration_client_uri": f"{ISSUER}/register/client?client_id={client_id}",
        "application_type": "web",
        "backchannel_logout_session_required": False,
        "client_name": "shop.example",
        "frontchannel_logout_session_required": False,
        "grant_types": ["authorization_code"],
        "id_token_signed_response_alg": "RS256",
        "redirect_uris": [CALLBACK],
        "require_auth_time": False,
        "require_pushed_authorization_requests": False,
        "require_signed_request_object": False,
        "response_types": ["code"],
        "scope": "address email openid phone profile",
        "subject_type": "pairwise",
        "token_endpoint_auth_method": "client_secret_basic",
    }
    assert {**said, **expected} == said


async def test_the_address_is_announced_where_one_may_register(
    world: World, tmp_path: Path
) -> None:
    assert (await world.rp.get(OPENID)).json()["registration_endpoint"] == f"{ISSUER}/register"
    (tmp_path / "off").mkdir()
    async with open_world(tmp_path / "off") as off:
        assert "registration_endpoint" not in (await off.rp.get(OPENID)).json()
        answer = await post(off)
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
        assert (await off.rp.get("/register/client?client_id=shop")).status_code == 403


@pytest.mark.protocol(25)
async def test_who_registered_signs_people_in(world: World) -> None:
    said = await registered(world)
    client = {"client_id": said["client_id"], "code_challenge": None, "code_challenge_method": None}
    person = browser(world)
    await person.sign_in(ADA)
    await person.agree(**client, scope="openid profile email")
    code = answered(await person.authorize(**client, scope="openid profile email"))["code"]
    proof = basic(said["client_id"], said["client_secret"])
    answer = await exchange(world, code, proof, client_id=None, code_verifier=None)
    assert answer.status_code == 200, answer.text
    token = await read_token(world, answer.json()["id_token"])
    assert (token.header["alg"], token.claims["aud"]) == ("RS256", said["client_id"])
    assert "name" in (await userinfo(world, answer.json()["access_token"])).json()


async def test_without_a_purpose_it_learns_who_somebody_is_and_no_more(tmp_path: Path) -> None:
    async with open_to_all(tmp_path, purpose=None, require_pkce=True) as world:
        said = await registered(
            world, scope="openid profile email", token_endpoint_auth_method="none"
        )
        assert said["scope"] == "openid"
        person = browser(world)
        await person.sign_in(ADA)
        asked = {"client_id": said["client_id"], "scope": "openid profile"}
        code = answered(await person.authorize(**asked))["code"]
        tokens = (await exchange(world, code, client_id=said["client_id"])).json()
        assert (await userinfo(world, tokens["access_token"])).json().keys() == {"sub"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"client_name#vi": "Cửa hàng"}, {"client_name#vi": "Cửa hàng"}),
        ({"token_endpoint_auth_method": "client_secret_post"}, {}),
        ({"grant_types": ["authorization_code", "refresh_token"]}, {}),
        ({"scope": "openid email made-up"}, {"scope": "email openid"}),
        ({"id_token_signed_response_alg": "ES256", "default_max_age": 60}, {}),
        ({"require_auth_time": True, "default_acr_values": ["urn:nid:acr:2"]}, {}),
        ({"post_logout_redirect_uris": [CALLBACK]}, {}),
        ({"software_id": "1", "software_version": "2"}, {}),
        ({"redirect_uris": [f"{CALLBACK}?a=b&c=d"]}, {}),
        ({"application_type": "native", "redirect_uris": ["http://127.0.0.1/cb"]}, {}),
        ({"application_type": "native", "redirect_uris": ["vn.gov.example:/cb"]}, {}),
        ({"response_types": ["code"], "subject_type": "pairwise"}, {}),
    ],
    ids=str,
)
@pytest.mark.protocol(18, 19, 25)
async def test_what_may_be_chosen_is_kept(
    world: World, said: dict[str, Any], kept: dict[str, Any]
) -> None:
    made = await registered(world, **said)
    assert {**made, **said, **kept} == made


@pytest.mark.protocol(22)
async def test_an_address_to_begin_at_is_https_and_shown_again(world: World) -> None:
    there = "https://shop.example/begin"
    assert (await registered(world, initiate_login_uri=there))["initiate_login_uri"] == there
    assert await refused(world, initiate_login_uri="ftp://shop.example/begin") == METADATA


@pytest.mark.protocol(20)
async def test_what_nobody_knows_is_ignored(world: World) -> None:
    keys = {"keys": [public(ec_key()), {"kty": "AKP", "kid": "later"}, "no key"]}
    more = {"contacts": ["a@shop.example"], "made_up": {"a": 1}, "client_id": "tax", "jwks": keys}
    ours = {"purpose_id": "refund", "agency_id": "treasury", "profile": "fapi2", "logo": "x"}
    ours |= {"key_set_name": "0123456789abcdef0123456789abcdef"}
    ours |= {"key_notices_uri": "https://shop.example/keys"}
    said = await registered(world, **more, **ours, tos_uri=None)
    assert said["jwks"] == {"keys": [public(ec_key())]}
    assert not said.keys() & {"contacts", "made_up", "tos_uri", *ours}
    assert said["client_id"] != "tax"
    [kept] = world.rows(f"SELECT metadata_json FROM client WHERE client_id = '{said['client_id']}'")
    client = Client.model_validate_json(kept)
    assert (client.purpose_id, client.profile) == (DELIVERY.purpose_id, "baseline")
    assert client.agency_id == "@shop.example"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"redirect_uris": [f"{CALLBACK}#a"]}, ADDRESS),
        ({"redirect_uris": ["http://shop.example/cb"]}, ADDRESS),
        ({"redirect_uris": ["https://shop.example/../cb"]}, ADDRESS),
        ({"redirect_uris": ["custom:/cb"]}, ADDRESS),
        ({"redirect_uris": ["vn.gov.example://[x"], "application_type": "native"}, ADDRESS),
        ({"redirect_uris": []}, ADDRESS),
        ({"redirect_uris": None}, ADDRESS),
        ({"redirect_uris": CALLBACK}, ADDRESS),
        ({"redirect_uris": [7]}, ADDRESS),
        ({"redirect_uris": [{"a": "b"}]}, ADDRESS),
        ({"redirect_uris": {"a": "b"}}, ADDRESS),
        ({"redirect_uris": ["https://[::1"]}, ADDRESS),
        ({"redirect_uris": [CALLBACK] * 21}, METADATA),
        ({"redirect_uris": MANY}, METADATA),
        ({"response_types": ["code", "token"]}, METADATA),
        ({"response_types": []}, METADATA),
        ({"response_types": "code"}, METADATA),
        ({"grant_types": ["client_credentials"]}, METADATA),
        ({"grant_types": ["authorization_code", "client_credentials"]}, METADATA),
        ({"grant_types": ["authorization_code", "implicit"]}, METADATA),
        ({"grant_types": ["refresh_token"]}, METADATA),
        ({"grant_types": "authorization_code"}, METADATA),
        ({"grant_types": [["authorization_code"]]}, METADATA),
        ({"subject_type": "public"}, METADATA),
        ({"id_token_signed_response_alg": "none"}, METADATA),
        ({"id_token_signed_response_alg": "HS256"}, METADATA),
        ({"token_endpoint_auth_method": "telepathy"}, METADATA),
        ({"token_endpoint_auth_method": ["none"]}, METADATA),
        ({"token_endpoint_auth_method": "private_key_jwt"}, METADATA),
        ({"token_endpoint_auth_signing_alg": "HS256"}, METADATA),
        ({"application_type": "toaster"}, METADATA),
        ({"default_max_age": -1}, METADATA),
        ({"default_max_age": "soon"}, METADATA),
        ({"client_name": ""}, METADATA),
        ({"client_name": "Por\u202etal"}, METADATA),
        ({"client_name#Vietnamese": "x"}, METADATA),
        ({"client_name#vi": 7}, METADATA),
        ({"scope": ["openid"]}, METADATA),
        ({"scope": "profile"}, METADATA),
        ({"jwks": {"keys": []}, "jwks_uri": "https://shop.example/jwks"}, None),
        ({"jwks": {"keys": [public(ec_key())]}, "jwks_uri": "https://shop.example/k"}, METADATA),
        ({"jwks": [public(ec_key())]}, METADATA),
        ({"jwks": {"keys": {}}}, METADATA),
        ({"jwks": {"keys": [ec_key().as_dict(private=True)]}}, METADATA),
        ({"jwks_uri": "http://shop.example/jwks"}, METADATA),
        ({"backchannel_logout_uri": "http://shop.example/out"}, METADATA),
        ({"software_statement": 7}, "invalid_software_statement"),
    ],
)
@pytest.mark.protocol(17, 18, 19, 20)
async def test_what_may_not_be_registered_is_refused_in_its_own_words(
    world: World, said: dict[str, Any], error: str | None
) -> None:
    if error is None:
        assert "jwks" not in await registered(world, **said)
    else:
        assert await refused(world, **said) == error


@pytest.mark.protocol(17)
@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"a":1,"a":2}', b"null", b"\xff", b"[" * 9000],
    ids=lambda body: repr(body[:9]),
)
async def test_what_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    head = {"Content-Type": "application/json"}
    answer = await world.rp.post("/register", content=body, headers=head)
    assert (answer.status_code, answer.json()["error"]) == (400, METADATA)
    form = await world.rp.post("/register", data={"redirect_uris": CALLBACK})
    assert (form.status_code, form.json()["error"]) == (400, METADATA)
    answer = await world.rp.post("/register", content=b" " * 70_000, headers=head)
    assert answer.status_code == 413


@pytest.mark.protocol(17)
async def test_half_a_character_is_no_text(world: World) -> None:
    head = {"Content-Type": "application/json"}
    for said in (b'{"redirect_uris":["\\ud800"]}', b'{"client_name":"\\ud800"}', b'{"\\ud800":1}'):
        answer = await world.rp.post("/register", content=said, headers=head)
        assert answer.status_code == 400
    for odd in ("\\ud800", "\\u0000"):
        text = f'{{"redirect_uris":["{CALLBACK}"],"software_id":"{odd}"}}'.encode()
        answer = await world.rp.post("/register", content=text, headers=head)
        assert (answer.status_code, answer.json()["error"]) == (400, METADATA)


@pytest.mark.protocol(14)
@pytest.mark.parametrize("method", ["none", "private_key_jwt"])
async def test_who_needs_no_secret_gets_none(world: World, method: str) -> None:
    keys = {"jwks": {"keys": [public(rsa_key(), alg="RS256")]}}
    said = await registered(world, token_endpoint_auth_method=method, **keys)
    assert not said.keys() & {"client_secret", "client_secret_expires_at"}


@pytest.mark.protocol(25, 73)
async def test_a_secret_to_sign_with_is_given_and_works(world: World) -> None:
    said = await registered(
        world,
        token_endpoint_auth_method="client_secret_jwt",
        token_endpoint_auth_signing_alg="HS256",
    )
    name = said["client_id"]
    answer = await show(world, statement(said["client_secret"], iss=name, sub=name))
    assert answer.json()["error"] == "invalid_grant"
    assert said["client_secret"] not in "".join(world.rows("SELECT metadata_json FROM client"))


@pytest.mark.protocol(21)
async def test_several_hosts_need_a_document_that_names_every_address(world: World) -> None:
    with open_desk() as desk:
        desk.headers = {"Content-Type": "application/json"}
        sector = {"redirect_uris": MANY, "sector_identifier_uri": desk.url("/s", "localhost")}
        for document in (b"", b"{}", b"[]", json.dumps(MANY[:1]).encode(), b'"' + MANY[0].encode()):
            desk.body = document
            assert await refused(world, **sector) == METADATA
        desk.status = 500
        assert await refused(world, **sector) == METADATA
        desk.status, desk.body = 200, json.dumps(["https://else.example/", *MANY]).encode()
        said = await registered(world, **sector)
    assert said["sector_identifier_uri"] == sector["sector_identifier_uri"]
    assert world.rows("SELECT agency_id FROM client WHERE agency_id LIKE '@%'") == ["@localhost"]


@pytest.mark.protocol(69)
async def test_clients_of_one_host_know_a_person_by_one_name(world: World) -> None:
    subjects = []
    for address in (CALLBACK, "https://shop.example/other", "https://else.example/cb"):
        said = await registered(
            world, redirect_uris=[address], token_endpoint_auth_method="none", scope="openid"
        )
        client = await world.ports.clients.find(said["client_id"], world.now)
        assert client is not None
        subjects.append(await world.ports.people.subject("ada", client, world.now))
    assert subjects[0] == subjects[1] != subjects[2]


async def test_only_who_is_invited_may_register_where_that_is_the_policy(tmp_path: Path) -> None:
    async with open_world(tmp_path, registration={"mode": "invited"}) as world:
        answer = await post(world)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert (await post(world, token="made up")).status_code == 401
        token = await invited(world, agency_id="treasury", purpose_id=DELIVERY.purpose_id)
        said = await post(world, token=token, redirect_uris=MANY)
        assert said.status_code == 201, said.text
        client = await world.ports.clients.find(said.json()["client_id"], world.now)
        assert client is not None
        assert (client.agency_id, client.purpose_id) == ("treasury", DELIVERY.purpose_id)
        assert (await post(world, token=token)).status_code == 401
        [made] = [it for it in world.events() if it["type"] == "ClientRegistered"]
        assert (made["client_id"], token in str(world.events())) == (client.client_id, False)
        late = await invited(world)
        world.now += DAY
        assert (await post(world, token=late)).status_code == 401
        assert why(world) == "used up, over, or none of ours"


async def test_of_many_who_share_an_invitation_as_many_register_as_it_allows(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, registration={"mode": "invited"}) as world:
        token = await invited(world, remaining=3)
        answers = await gather(*(post(world, token=token) for _ in range(12)))
        assert [it.status_code for it in answers].count(201) == 3
        assert {it.status_code for it in answers} <= {201, 401, 429}
        assert len(world.rows("SELECT client_id FROM registration")) == 3
        assert world.rows("SELECT remaining FROM invite") == [0]


async def test_a_refused_registration_costs_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path, registration={"mode": "invited"}) as world:
        token = await invited(world)
        for _ in range(3):
            answer = await post(world, token=token, redirect_uris=["http://shop.example/"])
            assert answer.status_code == 400
        assert (await post(world, token=token)).status_code == 201


async def test_only_so_many_register_in_an_hour(tmp_path: Path) -> None:
    async with open_to_all(tmp_path, rate=2) as world:
        assert [(await post(world)).status_code for _ in range(3)] == [201, 201, 429]
        answer = await post(world)
        assert answer.json()["error"] == "temporarily_unavailable"
        assert int(answer.headers["retry-after"]) > 0
        world.now += HOUR
        assert [(await post(world)).status_code for _ in range(3)] == [201, 201, 429]


async def test_a_wrong_token_is_wrong_also_where_none_is_needed(world: World) -> None:
    assert (await post(world, token="made up")).status_code == 401
    answer = await world.rp.post(
        "/register", json=HERE, headers={**bearer(None), "Authorization": "Basic eDp5"}
    )
    assert answer.status_code == 401


async def test_whoever_registers_at_once_at_one_host_registers(world: World) -> None:
    answers = await gather(*(post(world) for _ in range(10)))
    assert {it.status_code for it in answers} == {201}
    assert len({it.json()["client_id"] for it in answers}) == 10
    assert world.rows("SELECT agency_id FROM agency WHERE agency_id LIKE '@%'") == ["@shop.example"]


def test_every_member_of_a_client_is_one_that_it_may_choose_or_ours() -> None:
    ours = {
        "client_id", "client_names", "agency_id", "agency_names", "domain", "purpose_id",
        "client_secret_digest", "client_secret_sealed", "logo", *BY_THE_HOUSE,
    }  # fmt: skip
    assert Client.model_fields.keys() - KNOWN == ours


async def test_the_verifier_still_counts_where_pkce_is_free(world: World) -> None:
    said = await registered(world, token_endpoint_auth_method="client_secret_post")
    person = browser(world)
    await person.sign_in(ADA)
    code = answered(await person.authorize(client_id=said["client_id"], scope="openid"))["code"]
    proof = {"client_id": said["client_id"], "client_secret": said["client_secret"]}
    wrong = await exchange(world, code, **proof, code_verifier="w" * 43)
    assert wrong.json()["error"] == "invalid_grant"
