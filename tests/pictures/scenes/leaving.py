"""Signing out, and what may go wrong anywhere."""

import sqlite3
from contextlib import closing
from urllib.parse import urlencode

from oidc.authorize.pushed import PREFIX
from tests.pictures.scenes.scene import Scene, alike, at, press, send
from tests.pictures.stage import KHANH_NGOC, MINH_ANH, QUOC_BAO
from tests.pictures.visit import Visit

ONE_TIME = "one-time.db"
OUT = "https://health.gov.example/out"
BACK = "https://health.gov.example/signed-out"


def goes_to_three(visit: Visit) -> None:
    """And each fetches what it may."""
    visit.page.context.route(f"{OUT}*", lambda route: route.fulfill(body="signed out"))
    visit.sent_by("portal")
    visit.enter(QUOC_BAO)
    for client_id in ("portal", "health", "library"):
        visit.sent_by(client_id)
        visit.press("decision", "share")
        visit.looks(client_id)
    visit.go("/sign-out")


def the_portal_has_answered(visit: Visit) -> None:
    visit.stage.write("DELETE FROM outbox")
    visit.page.reload()


def asked_by_a_service(visit: Visit) -> None:
    """Which means somebody who is not here; and there is one more who is."""
    visit.go("/sign-in")
    visit.enter(KHANH_NGOC)
    visit.go("/sign-in?again=/account&other=yes")
    visit.enter(QUOC_BAO)
    visit.sent_by("health")
    visit.page.locator("button[name=session]").first.click()
    shown = {"id_token_hint": visit.looks("health"), "post_logout_redirect_uri": BACK}
    visit.go(f"/end-session?{urlencode({**shown, 'logout_hint': MINH_ANH.identifier})}")


def on_to_the_service(visit: Visit) -> None:
    visit.without_scripts(lambda: visit.press("logout", "yes"))


def sent_before(visit: Visit) -> None:
    """With something else the second time, so that it is no double click."""
    devices = "form[action='/account/devices']"
    visit.go("/sign-in?again=/account/devices&other=yes")
    visit.enter(QUOC_BAO)
    used = visit.page.locator(f"{devices} [name=csrf]").get_attribute("value") or ""
    send(visit, devices, session="nobody's")
    send(visit, devices, session="of nobody", csrf=used)


def an_old_form(visit: Visit) -> None:
    visit.go("/sign-in")
    send(visit, "form:not([data-passkey])", csrf="old", action="password")


def request_over(visit: Visit) -> None:
    visit.sent_by("tax", request_uri=f"{PREFIX}over")


def away(visit: Visit) -> None:
    """For a moment, nothing can be written down."""
    with closing(sqlite3.connect(visit.stage.folder / ONE_TIME, isolation_level=None)) as sql:
        sql.execute("BEGIN IMMEDIATE")
        visit.go("/sign-in")


def broken(visit: Visit) -> None:
    """A fault of ours, as only a broken installation has it."""
    visit.stage.write("ALTER TABLE one_time RENAME TO broken", file=ONE_TIME)
    visit.go("/sign-in")
    visit.stage.write("ALTER TABLE broken RENAME TO one_time", file=ONE_TIME)


SCENES = (
    Scene("sign-out", goes_to_three),
    Scene("signed-out", press("logout", "yes")),
    alike("signed-out-told", the_portal_has_answered),
    alike("sign-out-asked", asked_by_a_service),
    alike("signed-out-on", on_to_the_service),
    Scene("problem-link", at("/authorize")),
    alike("problem-request", request_over),
    Scene("problem-over", at("/decide?i=over")),
    alike("problem-form", an_old_form),
    alike("problem-sent-before", sent_before),
    alike("problem-unread", at("/decide")),
    Scene("problem-lost", at("/nowhere")),
    alike("problem-away", away),
    alike("problem-broken", broken),
)
