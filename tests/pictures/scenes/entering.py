"""Signing in, and what may go wrong there."""

from contextlib import AsyncExitStack, suppress

from idp.authentication.failures import FREE, MOST
from idp.authentication.pool import Busy
from store.micros import MINUTE
from tests.pictures.scenes.scene import Scene, alike, press, send, then
from tests.pictures.stage import H_LAN, HAI
from tests.pictures.visit import Visit
from tests.soft_passkey import Authenticator

WRONG = "nothing that anybody chose"
FORM, PASSKEY = "form:not([data-passkey])", "form[data-passkey=get]"
wrong_code = press("action", "code", code="000000")


def asked_by_tax(visit: Visit) -> None:
    visit.sent_by("tax")


def wrong_password(visit: Visit) -> None:
    visit.enter(HAI, WRONG)


def too_often(visit: Visit) -> None:
    for _ in range(1, FREE):
        wrong_password(visit)


def code_too_often(visit: Visit) -> None:
    for _ in range(1, FREE):
        wrong_code(visit)


def switched_off(visit: Visit) -> None:
    """At the hundredth wrong guess."""
    visit.stage.write(f"UPDATE sign_in_failure SET failures = {MOST}")


def forgotten(visit: Visit) -> None:
    visit.stage.write("DELETE FROM sign_in_failure")


def while_many_sign_in(visit: Visit) -> None:
    """Every place in the queue is taken."""
    places, pool = AsyncExitStack(), visit.stage.world.house.site.sign_in.pool

    async def fill() -> None:
        with suppress(Busy):
            while True:
                await places.enter_async_context(pool.place())

    visit.stage.do(fill())
    visit.enter(HAI)
    visit.stage.do(places.aclose())


def no_passkey(visit: Visit) -> None:
    send(visit, PASSKEY, action="passkey")


def unknown_passkey(visit: Visit) -> None:
    options = visit.page.locator(PASSKEY).get_attribute("data-options") or ""
    send(visit, PASSKEY, action="passkey", credential=Authenticator().sign_in(options))


def later(visit: Visit) -> None:
    visit.stage.world.now += 6 * MINUTE


def has_an_app(visit: Visit) -> None:
    visit.sent_by("tax")
    visit.enter(H_LAN)


def from_the_paper(visit: Visit) -> None:
    has_an_app(visit)
    visit.page.locator("main .more a").last.click()


SCENES = (
    Scene("sign-in", asked_by_tax),
    alike("sign-in-incomplete", press("action", "password", identifier=HAI.identifier)),
    Scene("sign-in-wrong", wrong_password),
    alike("sign-in-wait", too_often),
    alike("sign-in-off", then(switched_off, wrong_password)),
    alike("sign-in-busy", then(forgotten, while_many_sign_in)),
    alike("sign-in-no-passkey", no_passkey),
    alike("sign-in-unknown-passkey", unknown_passkey),
    alike("sign-in-late-passkey", then(later, unknown_passkey)),
    Scene("sign-in-code", has_an_app),
    alike("sign-in-code-incomplete", press("action", "code", code="")),
    Scene("sign-in-code-wrong", wrong_code),
    alike("sign-in-code-wait", code_too_often),
    alike("sign-in-code-off", then(switched_off, wrong_code)),
    Scene("sign-in-recovery-code", then(forgotten, from_the_paper)),
    alike("sign-in-recovery-code-wrong", press("action", "code", code="1111-2222-3333-4444")),
)
