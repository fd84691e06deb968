"""What leaves on the wire, whatever way of HTTP/1.1 somebody comes. RFC 9110 and RFC 9112."""

import asyncio
from typing import Any

import pytest

from idp.wire.answer import written
from oidc.asgi import at_hand
from tests.idp.wire import answers, listening, served
from tests.world import World

pytestmark = pytest.mark.anyio
LAST = b"host: localhost\r\nconnection: close\r\n\r\n"


def parts(heard: bytes) -> tuple[bytes, bytes, bytes]:
    """Its first line, its headers and its body."""
    head, _, body = heard.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    return line, headers + b"\r\n", body


async def test_a_head_alone_says_how_long_the_body_would_be(world: World) -> None:
    async with served(world) as port:
        _, headers, whole = parts(await answers(port, b"GET /jwks HTTP/1.1\r\n" + LAST))
        line, alone, body = parts(await answers(port, b"HEAD /jwks HTTP/1.1\r\n" + LAST))
    length = b"content-length: %d\r\n" % len(whole)
    assert line == b"HTTP/1.1 200 OK"
    assert length in headers
    assert length in alone
    assert body == b""


async def test_what_somebody_has_already_comes_without_a_body(world: World) -> None:
    async with served(world) as port:
        ask = b"GET /jwks HTTP/1.1\r\nif-none-match: *\r\n"
        line, headers, body = parts(await answers(port, ask + LAST))
    assert (line, body) == (b"HTTP/1.1 304 Not Modified", b"")
    assert b"content-length" not in headers


async def test_what_says_nothing_has_no_length(world: World) -> None:
    async with served(world) as port:
        heard = await answers(port, b"OPTIONS /jwks HTTP/1.1\r\n" + LAST)
    assert heard.startswith(b"HTTP/1.1 204 ")
    assert b"content-length" not in heard


@pytest.mark.parametrize(
    "asked",
    [
        b"GET http://localhost/jwks HTTP/1.1\r\n",
        b"GET /jwks#top HTTP/1.1\r\n",
        b"GET /%6awks HTTP/1.1\r\n",
    ],
)
async def test_an_address_may_be_written_in_several_ways(world: World, asked: bytes) -> None:
    async with served(world) as port:
        assert (await answers(port, asked + LAST)).startswith(b"HTTP/1.1 200 OK\r\n")


async def test_what_is_no_address_is_told_so(world: World) -> None:
    async with served(world) as port:
        heard = await answers(port, b"GET /\xff HTTP/1.1\r\n" + LAST)
    assert heard.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("said", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET /jwks HTTP/x\r\n\r\n"])
async def test_what_is_no_request_is_told_so(world: World, said: bytes) -> None:
    async with served(world) as port:
        heard = await answers(port, said)
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert heard.endswith(b"Invalid HTTP request received.")


async def test_who_would_speak_another_protocol_is_answered_in_this(world: World) -> None:
    other = b"GET /jwks HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: %s\r\n\r\n"
    async with served(world, idle=0) as port:
        for protocol in (b"websocket", b"h2c"):
            assert (await answers(port, other % protocol)).startswith(b"HTTP/1.1 200 ")


async def test_who_speaks_an_older_version_is_let_go_after_one_answer(world: World) -> None:
    async with served(world) as port:
        _, headers, _ = parts(await answers(port, b"GET /jwks HTTP/1.0\r\n\r\n"))
    assert b"\r\nconnection: close\r\n" in headers


async def test_requests_that_come_together_are_answered_in_turn(world: World) -> None:
    both = b"GET /jwks HTTP/1.1\r\nhost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\n" + LAST
    async with served(world) as port:
        heard = await answers(port, both)
    assert heard.count(b"HTTP/1.1 200 ") == 2
    assert heard.endswith(b"alive\n")


async def test_who_asks_nothing_more_is_let_go(world: World) -> None:
    async with served(world, idle=0) as port:
        heard = await answers(port, b"GET /jwks HTTP/1.1\r\nhost: localhost\r\n\r\n", b"")
    assert heard.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "header",
    [
        (b"location", b"/a\r\nset-cookie: mine=1"),
        (b"x\n", b"1"),
        (b"x", b"\x00"),
        (b"content-length", b"7"),
        (b"connection", b"close"),
        (b"transfer-encoding", b"chunked"),
    ],
)
def test_an_answer_out_of_the_ordinary_is_left_to_the_server(header: tuple[bytes, bytes]) -> None:
    assert written(200, [(b"etag", b"2")], b"x: y\r\n", b"ok") == (
        b"HTTP/1.1 200 OK\r\netag: 2\r\nx: y\r\ncontent-length: 2\r\n\r\nok"
    )
    assert written(200, [(b"etag", b"2"), header], b"", b"ok") is None


async def test_who_waits_to_be_asked_for_a_body_is_asked(world: World) -> None:
    head = (
        b"POST /token HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        b"content-type: application/x-www-form-urlencoded\r\n"
        b"content-length: 9\r\nexpect: 100-continue\r\n\r\n"
    )
    async with served(world) as port:
        heard = await answers(port, head, b"client_id")
    assert heard.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 ")


async def test_an_application_may_listen_until_the_other_side_has_gone() -> None:
    """Of the body it hears in pieces, then that there is nobody any more."""
    heard: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while not heard or heard[-1]["type"] != "http.disconnect":
            heard.append(await receive())
            if heard[-1].get("more_body"):
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"more?", "more_body": True})

    head = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\n12"
    async with listening(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        await reader.readuntil(b"more?")
        writer.write(b"34")
        while len(heard) < 2:  # noqa: ASYNC110  nothing tells of it
            await asyncio.sleep(0)
        writer.close()
        while len(heard) < 3:  # noqa: ASYNC110  as above
            await asyncio.sleep(0)
    assert [message.get("body") for message in heard] == [b"12", b"34", None]


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], b"HTTP/1.1 500 "),
        ([{"type": "http.response.start", "status": 200, "headers": []}], b""),
        ([{"type": "http.response.body", "body": b"without a head"}], b"HTTP/1.1 500 "),
    ],
    ids=["nothing", "a head", "an error"],
)
async def test_an_application_that_gives_no_answer_keeps_nobody_waiting(
    messages: list[dict[str, Any]], said: bytes
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    async with listening(app) as port:
        heard = await answers(port, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
    assert heard.startswith(said)
    assert bool(heard) == bool(said)


async def test_what_comes_after_a_body_is_no_header() -> None:
    """RFC 9110 section 6.5.1: what a proxy in front of us looked at was the head."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        seen.extend(name for name, _ in scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    head = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ntrailer: x-forwarded-for\r\n" + LAST
    async with listening(app) as port:
        heard = await answers(port, head + b"2\r\nab\r\n0\r\nx-forwarded-for: 192.0.2.1\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 200 ")
    assert seen == [b"transfer-encoding", b"trailer", b"host", b"connection"]


async def test_who_gave_up_waiting_for_more_may_wait_again() -> None:
    heard: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        heard.append(await receive())
        for _ in range(2):
            try:
                async with asyncio.timeout(0):
                    heard.append(await receive())
            except TimeoutError:
                heard.append("nothing yet")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"enough"})

    head = b"POST / HTTP/1.1\r\ncontent-length: 4\r\n" + LAST
    async with listening(app) as port:
        await answers(port, head + b"12")
    assert [it if isinstance(it, str) else it["body"] for it in heard] == [
        b"12",
        "nothing yet",
        "nothing yet",
    ]


async def test_a_form_that_was_read_is_not_kept() -> None:
    """A connection may stay open for long, and a form may hold a password."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend((at_hand(send)(), bytes(send.body)))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with listening(app) as port:
        await answers(port, b"POST / HTTP/1.1\r\ncontent-length: 6\r\n" + LAST + b"secret")
    assert seen == [b"secret", b""]
