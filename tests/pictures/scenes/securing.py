"""How one signs in: seen and changed."""

from base64 import b32decode

from idp.authentication.totp import code_at, step_of
from store.micros import MINUTE, SECOND
from tests.pictures.scenes.scene import Scene, alike, at, press, send, then
from tests.pictures.stage import H_LAN, MINH_ANH
from tests.pictures.visit import Step, Visit
from tests.soft_passkey import Authenticator

CREATE = "form[data-passkey=create]"
NEW = "four quiet herons wade"


def anew(visit: Visit) -> None:
    visit.page.context.clear_cookies()
    visit.go("/sign-in?again=/account/security")


def an_app_to_add(visit: Visit) -> None:
    anew(visit)
    visit.enter(MINH_ANH)
    visit.go("/account/security/app")


def right_code(visit: Visit) -> None:
    said = visit.page.locator(".key").text_content() or ""
    secret = b32decode(said.replace(" ", ""))
    press("add", "yes", code=code_at(secret, step_of(visit.stage.world.now + SECOND)))(visit)


def with_a_paper(visit: Visit) -> None:
    """H'Lan has an app, and signs in with a code from her paper."""
    anew(visit)
    visit.enter(H_LAN)
    visit.page.locator("main .more a").last.click()
    visit.page.fill("#code", visit.stage.app.papers[0])
    visit.press("action", "code")


def no_codes_left(visit: Visit) -> None:
    visit.stage.write("UPDATE recovery_code SET used_at = 1 WHERE used_at IS NULL")


def choose(password: str) -> Step:
    def step(visit: Visit) -> None:
        visit.page.locator("#new-password").evaluate("(it, said) => it.value = said", password)
        visit.press("change", "yes")

    return step


def add_a_passkey(visit: Visit) -> None:
    """With a passkey in software, in place of the ceremony that the script begins."""
    options = visit.page.locator(CREATE).get_attribute("data-options") or ""
    made = Authenticator().register(options)
    send(visit, CREATE, credential=made, name="Pixel 9", action="add")


def add_nonsense(visit: Visit) -> None:
    send(visit, CREATE, credential="{}", action="add")


def remove_a_passkey(visit: Visit) -> None:
    visit.page.locator("a[href^='/account/passkeys/remove']").first.click()


def by_passkey_alone(visit: Visit) -> None:
    """As if the counter had taken the password away."""
    visit.stage.write("DELETE FROM password")


def after_a_while(visit: Visit) -> None:
    visit.stage.world.now += 6 * MINUTE
    visit.go("/account/passkeys")


SCENES = (
    Scene("account-security-app", an_app_to_add),
    alike("account-security-app-wrong", press("add", "yes", code="000000")),
    Scene("account-security-app-added", right_code),
    Scene("account-security", with_a_paper),
    Scene("account-security-password", at("/account/security/password")),
    alike("account-security-password-incomplete", choose("")),
    alike("account-security-password-short", choose("herons")),
    alike("account-security-password-long", choose("herons " * 50)),
    alike("account-security-password-control", choose("four quiet\therons wade")),
    alike("account-security-password-guessed", choose("123456789012345")),
    alike("account-security-password-changed", choose(NEW)),
    Scene("account-security-codes", at("/account/security/codes")),
    Scene("account-security-new-codes", press("make", "yes")),
    alike("account-security-no-codes", then(no_codes_left, at("/account/security"))),
    Scene("account-passkeys", at("/account/passkeys")),
    Scene("account-passkeys-added", add_a_passkey),
    Scene("account-passkeys-remove", remove_a_passkey),
    alike("account-passkeys-removed", press("remove", "yes")),
    alike("problem-passkey", add_nonsense),
    Scene("account-security-app-remove", at("/account/security/app/remove")),
    alike("account-security-app-removed", press("remove", "yes")),
    alike(
        "account-passkeys-last",
        then(
            at("/account/passkeys"),
            add_a_passkey,
            by_passkey_alone,
            remove_a_passkey,
            press("remove", "yes"),
        ),
    ),
    alike("account-passkeys-later", after_a_while),
)
