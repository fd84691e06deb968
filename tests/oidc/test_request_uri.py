"""OpenID Connect Core section 6.2; RFC 9101 section 5.2: signed requests at an address."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
from httpx2 import Response

from clients.courier import Courier
from clients.networks import Networks
from clients.request_objects import LONGEST, RequestObjects
from tests.desk import Desk, open_desk
from tests.oidc.front import Browser, answered, change, why
from tests.oidc.objects import OUTSIDE, request_object
from tests.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(101)]


class Shelf:
    """What the tax office serves, and how often it was looked at."""

    def __init__(self, world: World, desk: Desk, ada: Browser) -> None:
        self.world, self.desk, self.ada = world, desk, ada
        self.uri = desk.url("/request.jwt")
        desk.headers = {"Content-Type": "application/oauth-authz-req+jwt"}
        self.lay(request_object(state="there"))

    def lay(self, text: str) -> None:
        self.desk.body = text.encode()

    async def register(self, *uris: str) -> None:
        await change(self.world, "tax", request_uris=uris)

    async def ask(self, uri: str, **outside: str) -> Response:
        return await self.ada.get("/authorize", **{**OUTSIDE, **outside}, request_uri=uri)

    async def refusal(self, uri: str = "") -> tuple[str, str]:
        return answered(await self.ask(uri or self.uri))["error"], why(self.world)


@pytest.fixture
async def shelf(world: World, ada: Browser) -> AsyncIterator[Shelf]:
    with open_desk() as desk:
        made = Shelf(world, desk, ada)
        await made.register(made.uri)
        yield made


def hashed(uri: str, body: bytes) -> str:
    return f"{uri}#{urlsafe_b64encode(sha256(body).digest()).decode().rstrip('=')}"


@pytest.mark.protocol(98, 99)
@pytest.mark.parametrize("kind", ["application/jwt", "application/oauth-authz-req+jwt"])
async def test_what_lies_there_is_the_request(shelf: Shelf, kind: str) -> None:
    shelf.desk.headers = {"Content-Type": kind}
    said = answered(await shelf.ask(shelf.uri, state="outside"))
    assert (said["state"], "code" in said) == ("there", True)


async def test_it_is_looked_at_each_time(shelf: Shelf) -> None:
    for state in ("one", "two"):
        shelf.lay(request_object(state=state) + "\n")
        assert answered(await shelf.ask(shelf.uri))["state"] == state
    assert len(shelf.desk.paths) == 2


@pytest.mark.protocol(23)
async def test_a_digest_in_the_address_lets_it_be_kept(shelf: Shelf) -> None:
    uri = hashed(shelf.uri, shelf.desk.body)
    await shelf.register(uri)
    for _ in range(3):
        assert answered(await shelf.ask(uri))["state"] == "there"
    assert len(shelf.desk.paths) == 1


@pytest.mark.protocol(23)
async def test_another_fragment_keeps_nothing(shelf: Shelf) -> None:
    uri = hashed(shelf.uri, b"something else")
    await shelf.register(uri)
    for _ in range(2):
        assert answered(await shelf.ask(uri))["state"] == "there"
    assert len(shelf.desk.paths) == 2


@pytest.mark.protocol(23)
async def test_the_whole_address_is_registered(shelf: Shelf) -> None:
    await shelf.register(shelf.uri + "#one")
    for other in (shelf.uri, shelf.uri + "#two", shelf.uri + "?#one", "https://else.example/r"):
        assert await shelf.refusal(other) == (
            "invalid_request_uri",
            "request_uri is not registered",
        )
    assert shelf.desk.paths == []


@pytest.mark.protocol(28)
async def test_without_a_proven_address_a_bad_one_is_a_page(shelf: Shelf) -> None:
    for uri in ("https://else.example/r", "urn:x", "\0"):
        answer = await shelf.ask(uri, redirect_uri="https://evil.example")
        assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "application/jwt", b""),
        (302, "application/jwt", b""),
        (200, "text/html", b"{}"),
        (200, "application/jwt", "ộ".encode()),
        (200, "application/jwt", b"x" * (LONGEST + 1)),
    ],
    ids=str,
)
async def test_what_is_no_such_document_is_refused(
    shelf: Shelf, status: int, kind: str, body: bytes
) -> None:
    shelf.desk.status, shelf.desk.headers, shelf.desk.body = status, {"Content-Type": kind}, body
    shelf.desk.headers["Location"] = shelf.desk.url("/else")
    assert (await shelf.refusal())[0] == "invalid_request_uri"
    assert len(shelf.desk.paths) == 1


async def test_an_address_that_leads_inwards_is_never_called(shelf: Shelf) -> None:
    for inward in ("https://10.0.0.1/r", "https://169.254.169.254/r", "http://[::ffff:10.0.0.1]/"):
        await shelf.register(inward)
        assert (await shelf.refusal(inward))[0] == "invalid_request_uri"


@pytest.mark.protocol(98, 100)
async def test_what_lies_there_is_judged_as_if_it_had_been_sent(shelf: Shelf) -> None:
    for bad in (request_object(exp=1), request_object(iss="shop"), "x"):
        shelf.lay(bad)
        assert (await shelf.refusal())[0] == "invalid_request_object"
    head = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    shelf.lay(f"{head}.{request_object().split('.')[1]}.AAAA")
    assert (await shelf.refusal())[0] == "request_uri_not_supported"


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    with open_desk() as desk:
        desk.headers, desk.body = {"Content-Type": "application/jwt"}, b"x"
        async with Courier(Networks(loopback=True)) as courier:
            objects = RequestObjects(courier, most=2)
            uris = [hashed(desk.url(f"/{number}"), b"x") for number in range(3)]
            for uri in (*uris, uris[1], uris[2], uris[0]):
                assert await objects.at(uri) == "x"
        assert desk.paths == ["/0", "/1", "/2", "/0"]
