"""The program behind a socket, and what it says there byte by byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from idp.app import create_app
from idp.wire.connection import Connection
from oidc.asgi import Asgi
from tests.ports import free_port
from tests.world import World

LONG = 30.0


@asynccontextmanager
async def served(
    world: World, *, head: float = LONG, body: float = LONG, idle: int = 5
) -> AsyncIterator[int]:
    """The port; so many seconds are waited for a head, for a body, and for another request."""
    app = create_app(world.house, clock=lambda: world.now, watch=world.watch, patience=body)
    async with listening(app, head=head, idle=idle) as port:
        yield port


@asynccontextmanager
async def listening(app: Asgi, *, head: float = LONG, idle: int = 5) -> AsyncIterator[int]:
    """Any application."""

    class Hasty(Connection):
        patience = head

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            "127.0.0.1",
            port,
            http=Hasty,
            ws="none",
            log_config=None,
            lifespan="off",
            timeout_keep_alive=idle,
        )
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  it has no event for it
        await asyncio.sleep(0)
    yield port
    server.should_exit = True
    await running


async def answers(port: int, *said: bytes) -> bytes:
    """All that is answered until the other side closes; each thing is said after an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = b""
    async with asyncio.timeout(LONG / 2):
        for each in said[:-1]:
            writer.write(each)
            heard += await reader.readuntil(b"\r\n\r\n")
        writer.write(said[-1])
        heard += await reader.read()
    writer.close()
    await writer.wait_closed()
    return heard
