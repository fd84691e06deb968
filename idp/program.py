"""The program as one ASGI application: its doors open when it starts and close when it stops."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from clients.trust import BadAuthorities
from idp.agencies import BadStatementKeys
from idp.app import create_app, open_house
from idp.background import working
from idp.health import WrongSchema
from idp.outbox.working import delivering
from idp.sealing.custody import keeping
from idp.settings import Settings
from idp.signing.readers import listening
from idp.signing.rotation import turning
from keys.kek import KeyFileError
from keys.signing_key import KeyFault
from oidc.asgi import Asgi, Receive, Scope, Send
from oidc.endpoints.http import utc_now
from store.database import NoDatabase, Unavailable

CANNOT = (
    BadAuthorities,
    BadStatementKeys,
    KeyFileError,
    KeyFault,
    NoDatabase,
    WrongSchema,
    Unavailable,
)


class Program:
    """The ASGI specification's lifespan: one sentence says why it cannot start.

    ``ready`` is called once it has started, before the first request.
    """

    def __init__(self, settings: Settings, ready: Callable[[], None]) -> None:
        self._settings = settings
        self._ready = ready
        self._app: Asgi

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "lifespan":
            return self._live(receive, send)
        return self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                house = await stack.enter_async_context(open_house(self._settings))
            except CANNOT as error:
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            parts, storage = house.parts, house.parts.storage
            await stack.enter_async_context(working(storage, utc_now))
            await stack.enter_async_context(keeping(parts, utc_now))
            turns = turning(parts.custody, parts.gate, storage.database, utc_now)
            await stack.enter_async_context(turns)
            await stack.enter_async_context(listening(house.readers, utc_now))
            await stack.enter_async_context(delivering(house.postman, storage.bell))
            self._app = create_app(house)
            self._ready()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
