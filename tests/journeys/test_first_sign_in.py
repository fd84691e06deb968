"""The main job, as a person does it: one sign-in, two agencies, one decision each, one stopped."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import faults, open_browser, spills
from tests.journeys.stage import MINH_ANH, Stage, open_stage, sign_in

NUMBER = MINH_ANH["identifier"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A person who reads English, with JavaScript off: nothing here may need it."""
    context = chromium.new_context(locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_one_sign_in_opens_every_door_and_one_of_them_can_be_shut(page: Page, stage: Stage) -> None:
    page.goto(stage.url("portal"))
    page.click("a[href='/login']")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Public Service Portal")
    for box in page.locator("input[name=item]").all():
        expect(box).not_to_be_checked()
    page.click("button[name=decision][value=share]")
    expect(page.locator("dl")).to_contain_text("Nguyễn Minh Anh")
    assert page.url == stage.url("portal")

    page.goto(stage.url("tax"))
    page.click("a[href='/login']")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tax Department")  # no sign-in
    page.check("input[name=item][value='person.phone']")
    page.click("button[name=decision][value=share]")
    expect(page.locator("dl")).to_contain_text(NUMBER)
    expect(page.locator("dl")).to_contain_text(MINH_ANH["phone_number"])
    expect(page.locator("dl")).not_to_contain_text(MINH_ANH["email"])

    page.goto(stage.url("provider", "/account/services"))
    expect(page.locator("main")).to_contain_text("Public Service Portal")
    services = page.locator("main")
    expect(services).to_contain_text("Tax Department")
    page.get_by_role("link", name=re.compile("stop everything.*Tax", re.IGNORECASE)).click()
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"stopped.*\d\d:\d\d:\d\d", re.DOTALL))

    page.goto(stage.url("tax"))
    page.click("a[href='/refresh']")
    expect(page.locator("body")).to_have_attribute("data-error", re.compile("."))
    page.goto(stage.url("portal"))
    page.click("a[href='/refresh']")
    expect(page.locator("dl")).to_contain_text("Nguyễn Minh Anh")  # the other door stays open

    page.click("a[href='/logout']")
    page.goto(stage.url("tax", "/login"))
    expect(page.locator("input[name=password]")).to_be_visible()


def test_who_cancels_is_back_at_the_agency_with_nothing_shared(page: Page, stage: Stage) -> None:
    page.goto(stage.url("portal", "/login"))
    page.click("button[name=action][value=cancel]")
    expect(page.locator("body")).to_have_attribute("data-error", "access_denied")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_on_the_way_is_fit_for_everybody(
    chromium: Browser, stage: Stage, language: str, width: int
) -> None:
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
    page = context.new_page()
    found: list[str] = []

    def look() -> None:
        found.extend(faults(page))
        found.extend([f"{page.url} spills"] if spills(page) else [])

    page.goto(stage.url("portal", "/login"))
    look()
    page.fill("input[name=identifier]", NUMBER)
    page.click("button[name=action][value=password]")
    look()
    sign_in(page)
    if "/decide" in page.url:
        look()
        page.click("button[name=decision][value=share]")
    page.goto(stage.url("tax", "/login"))
    look()
    for path in (
        "/account",
        "/account/services",
        "/account/devices",
        "/sign-out",
        "/nowhere",
        "/authorize",
    ):
        page.goto(stage.url("provider", path))
        look()
    context.close()
    assert found == []
