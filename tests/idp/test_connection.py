"""What leaves on the wire, whatever way of HTTP/1.1 somebody comes. RFC 9110 and RFC 9112."""

import pytest

from idp.wire.head import written
from tests.idp.wire import answers, served
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
    assert written([(b"etag", b"2")]) == b"etag: 2\r\n"
    assert written([(b"etag", b"2"), header]) is None
