"""The decision, in every form it takes."""

import json

import httpx2

from idp.accounts.person import Person
from tests.pictures.scenes.scene import Scene, alike, press, send, then
from tests.pictures.stage import KHANH_NGOC, MINH_ANH, NOBODY_KNOWS, QUOC_BAO
from tests.pictures.visit import Step, Visit

DECISION = "form[action^='/decide']"
NAME = json.dumps({"userinfo": {"name": None}})
OFFLINE = {"scope": "openid profile offline_access", "prompt": "consent"}
share = press("decision", "share")


def sent(client_id: str, **more: str) -> Step:
    return lambda visit: visit.sent_by(client_id, **more)


def somebody(person: Person, *steps: Step) -> Step:
    """In a browser in which nobody is signed in, before a service that asks for the same."""

    def step(visit: Visit) -> None:
        visit.page.context.clear_cookies()
        for one in steps:
            one(visit)
        visit.enter(person)

    return step


def tick(visit: Visit) -> None:
    visit.page.locator(".switch").first.check()


def a_closer_look(visit: Visit) -> None:
    visit.page.locator(".reveal summary").first.click()
    tick(visit)


def answer_to_another_page(visit: Visit) -> None:
    send(visit, DECISION, shown="another", decision="share")


def register(mode: str) -> Step:
    """What becomes of the population register."""

    def step(visit: Visit) -> None:
        url = f"{visit.stage.world.population.url}/faults"
        httpx2.post(url, json={"mode": mode}, trust_env=False).raise_for_status()

    return step


SCENES = (
    Scene("decide-everything", somebody(KHANH_NGOC, sent("health"))),
    Scene("decide-offline", sent("health", **OFFLINE)),
    alike(
        "decide-offline-alone",
        then(share, sent("health", scope="openid offline_access", prompt="consent")),
    ),
    Scene("decide-another-language", sent("library"), written=("vi", "en")),
    alike("decide-not-held", somebody(NOBODY_KNOWS, sent("portal"))),
    alike("decide-register-away", then(register("down"), somebody(QUOC_BAO, sent("portal")))),
    Scene("decide", then(register("none"), somebody(MINH_ANH, sent("tax")))),
    Scene("decide-open", a_closer_look),
    alike("decide-changed", answer_to_another_page),
    alike(
        "decide-wider",
        then(tick, share, sent("portal", scope="openid", claims=NAME), share, sent("portal")),
    ),
)
