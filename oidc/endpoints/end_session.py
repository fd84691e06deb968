"""GET and POST /end-session. OpenID Connect RP-Initiated Logout 1.0 section 2.

Who shows an ID token of the very session signs out at once; everybody else is asked first.
"""

from oidc import end_session as reading
from oidc.endpoints.cookies import BROWSER, flow_of
from oidc.endpoints.message import Answer, Handler, Request, see_other
from oidc.errors import InteractionExpired
from oidc.farewell import leave
from oidc.logout import SignOutRequest, SignOuts
from oidc.ports import Ports
from store.micros import Clock


def handler(ports: Ports, clock: Clock) -> Handler:
    async def end_session(request: Request) -> Answer:
        now, posted = clock(), request.method == "POST"
        params = (request.form() if posted else request.params()).sound()
        claims = reading.hinted(params, await ports.keys.current(now))
        client = await ports.clients.find(claims["aud"], now) if claims else None
        asked = reading.parse(params, claims, client)
        if posted:
            name = await SignOuts(ports.one_time).begin(asked, None, now)
            return see_other(f"/end-session/resume?i={name}")
        return await go_on(asked, request, ports, now)

    return end_session


def resumed(ports: Ports, clock: Clock) -> Handler:
    async def resume(request: Request) -> Answer:
        now, name = clock(), request.params().sound().need("i")
        waiting = SignOuts(ports.one_time)
        asked = await waiting.load(name, None)
        if asked is None:
            raise InteractionExpired("no such sign-out")
        await waiting.finish(name)
        return await go_on(asked, request, ports, now)

    return resume


async def go_on(asked: SignOutRequest, request: Request, ports: Ports, now: int) -> Answer:
    browser = request.cookie(BROWSER)
    if browser and await reading.must_ask(asked, browser, ports, now):
        flow, cookies = flow_of(request)
        name = await SignOuts(ports.one_time).begin(asked, flow, now)
        return see_other(f"/sign-out?i={name}", *cookies)
    return await leave(request, ports, asked.after(), now)
