"""Who opens a connection and says nothing more does not keep it."""

import asyncio
from contextlib import suppress

import pytest

from tests.idp.wire import answers, served
from tests.world import World

pytestmark = pytest.mark.anyio
AT_ONCE = 0.1
HEAD = b"POST %s HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n"
FORM = b"content-type: application/x-www-form-urlencoded\r\n\r\n"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (b"/token", b'{"error":"invalid_request"'),
        (b"/userinfo", b'{"error":"invalid_request"'),
        (b"/authorize", b'<body data-error="invalid_request"'),
        (b"/sign-in", b'<body data-error="invalid_request"'),
        (b"/account/stop", b'<body data-error="invalid_request"'),
    ],
)
async def test_a_form_that_stalls_is_refused_in_the_form_of_its_endpoint(
    world: World, path: bytes, kind: bytes
) -> None:
    async with served(world, body=AT_ONCE) as port:
        heard = await answers(port, HEAD % path + FORM + b"client_id=")
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b"\r\nconnection: close\r\n" in heard
    assert kind in heard
    assert world.watch.refused[-1].detail == "body too late"


async def test_who_only_looks_waits_for_no_body(world: World) -> None:
    look = (
        b"GET /jwks HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 9\r\n"
        + FORM
    )
    async with served(world, head=AT_ONCE) as port:
        assert (await answers(port, look)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("said", [b"", b"GET /jwks HTTP/1.1\r\nhost: local"])
async def test_a_head_that_stalls_is_not_waited_for(world: World, said: bytes) -> None:
    async with served(world, head=AT_ONCE) as port:
        assert await answers(port, said) == b""


async def test_nor_is_the_head_of_another_request(world: World) -> None:
    whole = b"GET /jwks HTTP/1.1\r\nhost: localhost\r\n\r\n"
    async with served(world, head=AT_ONCE) as port:
        heard = await answers(port, whole, b"GET /jwks HTTP")
    assert heard.count(b"HTTP/1.1 200 ") == 1


async def test_who_has_sent_a_head_is_given_time_for_the_body(world: World) -> None:
    async with served(world, head=AT_ONCE, body=3 * AT_ONCE) as port:
        assert (await answers(port, HEAD % b"/token" + FORM)).startswith(b"HTTP/1.1 408 ")


async def test_who_was_answered_is_not_waited_for_however_they_go_on(world: World) -> None:
    """Half a chunk at a time, which is neither a head nor nothing."""
    head = b"POST /jwks HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
    async with served(world, idle=0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        async with asyncio.timeout(5):
            while not reader.at_eof():
                writer.write(b"1\r\n")
                await asyncio.sleep(AT_ONCE / 4)
                writer.write(b"x\r\n")
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(4096), AT_ONCE / 4)
        writer.close()


async def test_it_stops_while_somebody_stalls(world: World) -> None:
    async with served(world, body=AT_ONCE) as port:
        stalling = asyncio.create_task(answers(port, HEAD % b"/token" + FORM))
        silent = asyncio.create_task(answers(port, b"GET /jwks HTTP/1.1\r\n"))
        await asyncio.sleep(AT_ONCE / 2)
    assert (await stalling).startswith(b"HTTP/1.1 408 ")
    assert await silent == b""
