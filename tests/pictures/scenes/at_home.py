"""The rooms of the account, but for how one signs in."""

from tests.pictures.scenes.deciding import OFFLINE, sent, share, somebody
from tests.pictures.scenes.scene import Scene, alike, at, press, then
from tests.pictures.stage import KHANH_NGOC, NOBODY_KNOWS
from tests.pictures.visit import Visit


def at_the_portal(visit: Visit) -> None:
    """Share with it too, and let it look."""
    visit.press("decision", "share")
    visit.looks("portal")


def on_a_telephone(visit: Visit) -> None:
    visit.elsewhere()
    visit.go("/account")


def stop_item(visit: Visit) -> None:
    visit.page.locator("a[href*='item=']").first.click()


def stop_looking(visit: Visit) -> None:
    visit.page.locator("a[href*='item=offline_access']").first.click()


def stop_everything(visit: Visit) -> None:
    visit.page.locator("a[href*='record=']:not([href*='item='])").first.click()


def stop_what_is_needed(visit: Visit) -> None:
    """As an old link might say."""
    link = visit.page.locator("a[href*='record=']:not([href*='item='])").first
    visit.go(f"{link.get_attribute('href')}&item=person.name")


def answer_by_post(visit: Visit) -> None:
    """Without the script that sends it on at once."""
    visit.without_scripts(lambda: visit.sent_by("portal", response_mode="form_post"))


def nobody_looked_at(visit: Visit) -> None:
    visit.go("/account/activity?fact=person.email")


def end_the_other(visit: Visit) -> None:
    visit.page.locator("button[name=session][value=others]").click()


SCENES = (
    Scene("account", then(at_the_portal, on_a_telephone)),
    Scene("on-to-the-service", answer_by_post),
    Scene("account-services", at("/account/services")),
    Scene("account-stop-item", stop_item),
    Scene("account-stopped-item", press("stop", "yes")),
    Scene("account-stop", stop_everything),
    Scene("account-stopped", press("stop", "yes")),
    Scene("account-activity", at("/account/activity")),
    alike("account-activity-nothing", nobody_looked_at),
    Scene("account-devices", at("/account/devices")),
    alike("account-devices-ended", end_the_other),
    alike(
        "account-ending",
        then(somebody(KHANH_NGOC, sent("library")), share, at("/account")),
    ),
    Scene(
        "account-services-offline",
        then(sent("health", **OFFLINE), share, at("/account/services")),
    ),
    alike("account-stop-looking", stop_looking),
    alike("account-stopped-looking", press("stop", "yes")),
    alike("account-stop-needed", stop_what_is_needed),
    Scene("account-new", somebody(NOBODY_KNOWS, at("/sign-in"))),
    alike("account-services-none", at("/account/services")),
)
