"""Asked for more than there is, or for somebody else; and who goes on, of several."""

import json

from tests.authenticator import give_app
from tests.pictures.scenes.scene import LEVEL_2, WISHED, Scene, alike, at, then
from tests.pictures.scenes.securing import add_a_passkey
from tests.pictures.stage import HAI, MINH_ANH, NOBODY_KNOWS, QUOC_BAO
from tests.pictures.visit import Step, Visit

SOMEBODY_ELSE = json.dumps({"id_token": {"sub": {"value": "somebody-else"}}})


def sent(**more: str) -> Step:
    return lambda visit: visit.sent_by("tax", **more)


def as_hai(visit: Visit) -> None:
    visit.enter(HAI)


def as_somebody_nobody_has_seen(visit: Visit) -> None:
    """The account is good for level 1, whatever it has."""
    visit.go("/sign-in?again=/account&other=yes")
    visit.enter(NOBODY_KNOWS)


def gets_an_app(visit: Visit) -> None:
    visit.stage.do(give_app(visit.stage.world, HAI))


def as_hai_again(visit: Visit) -> None:
    """With the password alone, which is all that he has yet."""
    visit.go("/sign-in?again=/account&other=yes")
    visit.enter(HAI)


def adds_a_passkey(visit: Visit) -> None:
    visit.go("/sign-in?again=/account&other=yes")
    visit.enter(QUOC_BAO)
    visit.go("/account/passkeys")
    add_a_passkey(visit)


def two_people(visit: Visit) -> None:
    visit.go("/sign-in?again=/account&other=yes")
    visit.enter(MINH_ANH)
    visit.sent_by("tax", prompt="select_account")


def one_has_left(visit: Visit) -> None:
    visit.page.locator("button[name=session]").first.evaluate("it => it.value = 'over'")
    visit.page.locator("button[name=session]").first.click()


def only(*steps: Step) -> Step:
    """Of all who came here before, nobody is signed in any more."""
    return then(lambda visit: visit.page.context.clear_cookies(), *steps)


SCENES = (
    alike("sign-in-needed", sent(claims=LEVEL_2)),
    Scene("sign-in-stronger", then(sent(), as_hai, sent(claims=LEVEL_2))),
    Scene("sign-in-again", sent(prompt="login")),
    alike("sign-in-again-for-the-account", at("/sign-in?again=/account/security")),
    alike("sign-in-other", sent(claims=SOMEBODY_ELSE)),
    Scene("sign-in-code-needed", then(gets_an_app, sent(claims=LEVEL_2))),
    alike("sign-in-code-wished", sent(acr_values=WISHED)),
    alike(
        "sign-in-unseen",
        only(as_somebody_nobody_has_seen, sent(claims=LEVEL_2)),
    ),
    Scene("sign-in-passkey-only", only(adds_a_passkey, sent(claims=LEVEL_2))),
    alike("sign-in-passkey-wished", sent(acr_values=WISHED)),
    Scene("choose", two_people),
    alike("choose-gone", one_has_left),
)
