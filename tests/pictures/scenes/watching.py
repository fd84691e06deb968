"""The console: an officer comes, looks at the keys, and stops one."""

from keys.algorithms import ALGORITHMS
from store.micros import DAY, MINUTE
from tests.pictures.scenes.scene import Scene, alike, at, press, send, then
from tests.pictures.stage import MORNING
from tests.pictures.visit import Visit
from tests.soft_passkey import Authenticator

CREATE, GET = "form[data-passkey=create]", "form[data-passkey=get]"
NAME = "Ca sáng 1"
DEVICE = Authenticator()
TAIL = "Zc0QmT5yVn2JpRk8sXeA1dHuLwG7bFoIi4t"
NAMES = tuple(
    tuple(f"{short}{TAIL}" for short in line.split())
    for line in (
        "7Qf2mX0a b9XqL3vT 1Kc8Zr5d",
        "Hs4uYw2p 0dVnK7eJ Qa6tRb1m",
        "m3GxPc9o Wf5iUz8k e2LyTh6s",
        "Jv7bNq4r u1XaDg0w K8pFoS3c",
        "t6EiMj2z R4hQyB9n 5sCkVl7x",
    )
)
"""Of each algorithm the key before, the one that signs and the one that is next: as they are in
pictures, which are the same each time."""
TURNED = MORNING - 31 * DAY
_NEW = """INSERT INTO signing_key
(kid, alg, use, state, public_jwk, private_sealed, created_at, published_at, activated_at,
deactivated_at, changed_at)
SELECT '{kid}', alg, use, '{state}', public_jwk, {private}, {at}, {at}, {begins}, {ends}, {since}
FROM signing_key WHERE alg = '{alg}' AND state = 'active'"""


def keys_with_a_past(visit: Visit) -> None:
    """As after a quarter of a year, with names that are the same each time."""
    for alg, names in zip(ALGORITHMS, NAMES, strict=True):
        before, signs, follows = names
        turned, begun, sealed = TURNED, TURNED - 90 * DAY, "x'00'"
        old = _NEW.format(
            kid=before,
            alg=alg,
            state="destroyed",
            private="NULL",
            at=begun - 5 * DAY,
            begins=begun,
            ends=turned,
            since=turned + 8 * DAY,
        )
        new = _NEW.format(
            kid=follows,
            alg=alg,
            state="published",
            private=sealed,
            at=turned,
            begins="NULL",
            ends="NULL",
            since=turned,
        )
        now = (
            f"UPDATE signing_key SET kid = '{signs}', created_at = {begun}, published_at = {begun},"
            f" activated_at = {turned}, changed_at = {turned}"
            f" WHERE alg = '{alg}' AND state = 'active'"
        )
        visit.stage.write(old, new, now)


def services_that_look(visit: Visit) -> None:
    """Three have an address of their own for the key set; one of them has not come for long."""
    for client, keys in (("portal", (1, 2)), ("tax", (1, 2)), ("health", (1,)), ("library", ())):
        if keys:
            own = f"json_set(metadata_json, '$.key_set_name', 'of-{client}-alone-{client}')"
            visit.stage.write(f"UPDATE client SET metadata_json = {own} WHERE client_id='{client}'")
        for kid in (names[it] for names in NAMES for it in keys):
            values = f"'{client}', '{kid}', {TURNED}, {MORNING}"
            visit.stage.write(f"INSERT INTO key_fetch VALUES ({values})")


def with_a_link(visit: Visit) -> None:
    console = visit.stage.world.house.site.console
    now = visit.stage.world.now
    link, _ = visit.stage.do(console.officers.invite(now + DAY, now))
    visit.go(f"/console/join?link={link}")


def make_nonsense(visit: Visit) -> None:
    send(visit, CREATE, credential="{}", name=NAME)


def make_a_passkey(visit: Visit) -> None:
    """With a passkey in software, in place of the ceremony that the script begins."""
    options = visit.page.locator(CREATE).get_attribute("data-options") or ""
    send(visit, CREATE, credential=DEVICE.register(options), name=NAME)


def prove(visit: Visit) -> None:
    options = visit.page.locator(GET).get_attribute("data-options") or ""
    send(visit, GET, credential=DEVICE.sign_in(options))


def prove_nothing(visit: Visit) -> None:
    send(visit, GET, credential="{}")


def too_old(visit: Visit) -> None:
    """The two of one algorithm that sign and wait are forgotten by whoever turns them."""
    for days, (_, signs, _) in zip((92, 113, 140), NAMES, strict=False):
        at = visit.stage.world.now - days * DAY
        visit.stage.write(f"UPDATE signing_key SET activated_at = {at} WHERE kid = '{signs}'")


def a_while_later(visit: Visit) -> None:
    visit.stage.world.now += 6 * MINUTE


def out_with_an_old_page(visit: Visit) -> None:
    send(visit, ".whoami", csrf="x")


def of_key(name: str) -> str:
    return f"/console/keys/stop?key={name}"


SIGNS = NAMES[0][1]
SCENES = (
    Scene("console-sign-in", then(keys_with_a_past, services_that_look, at("/console/sign-in"))),
    alike("console-sign-in-refused", prove_nothing),
    Scene("console-join", with_a_link),
    alike("console-join-incomplete", lambda visit: send(visit, CREATE, credential="{}")),
    alike("console-join-refused", make_nonsense),
    Scene("console-keys", make_a_passkey),
    Scene("console-seen", at(f"/console/keys/seen?key={NAMES[0][2]}")),
    alike("console-seen-nobody", at(f"/console/keys/seen?key={NAMES[2][2]}")),
    Scene("console-stop-which", at("/console/keys/stop")),
    Scene("console-prove", then(a_while_later, at(of_key(SIGNS)))),
    alike("console-prove-refused", prove_nothing),
    Scene("console-stop", prove),
    alike("console-stop-incomplete", press("stop", "yes")),
    Scene("console-keys-stopped", press("stop", "yes", reason="an odd entry in the log")),
    Scene("console-keys-too-old", then(too_old, at("/console/keys"))),
    alike("problem-console-link", at("/console/join?link=x")),
    alike("problem-console-form", then(at("/console/keys"), out_with_an_old_page)),
)
