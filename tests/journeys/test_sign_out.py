"""Signing out at one agency, and being signed out at the other: real processes, a real browser."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Forms
from tests.chromium import open_browser
from tests.desk import open_desk
from tests.journeys.stage import Stage, open_stage
from tests.journeys.stage import sign_in as type_password
from tests.journeys.test_kill import code, redeem
from tests.ports import free_port
from tests.sample import ADA
from tests.served import Served, serving, sign_in


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with open_stage(tmp_path) as opened:
        yield opened


@pytest.fixture
def page() -> Iterator[Page]:
    with open_browser() as chromium:
        context = chromium.new_context(locale="en-GB", java_script_enabled=False)
        yield context.new_page()
        context.close()


def enter(page: Page, stage: Stage, agency: str) -> None:
    """Sign in at an agency, as far as that is still needed, and share."""
    page.goto(stage.url(agency, "/login"))
    if page.locator("input[name=password]").count():
        type_password(page)
    page.click("button[name=decision][value=share]")
    expect(page.locator("dl")).to_be_visible()


def until_signed_out(page: Page, stage: Stage, agency: str) -> None:
    for _ in range(50):
        page.goto(stage.url(agency))
        if page.locator("a[href='/login']").count():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"still signed in at {agency}")


@pytest.mark.protocol(88)
def test_who_signs_out_at_the_portal_is_signed_out_at_tax(page: Page, stage: Stage) -> None:
    enter(page, stage, "portal")
    enter(page, stage, "tax")

    page.goto(stage.url("portal"))
    page.click("a[href='/logout']")
    expect(page).to_have_url(re.compile("/signed-out"))

    until_signed_out(page, stage, "tax")


def reached(served: Served) -> str:
    """Somebody signs in, and goes to the shop. Returns their cookie."""
    cookie = sign_in(served, ADA.password).headers["set-cookie"].partition(";")[0]
    with served.client() as http:
        status, _ = redeem(http, code(http, cookie))
    assert status == 200
    return cookie


def sign_out(served: Served, cookie: str) -> int:
    with served.client() as http:
        page = http.get("/sign-out", headers={"cookie": cookie})
        form = Forms(page.text).found[0]
        said = {**form.values, "logout": "yes"}
        return http.post(form.action, data=said, headers={"cookie": cookie}).status_code


def tell_the_shop_at(home: Path, port: int) -> None:
    with closing(sqlite3.connect(home / "motcua.db")) as sql:
        [(said,)] = sql.execute("SELECT metadata_json FROM client WHERE client_id = 'shop'")
        told = {**json.loads(said), "backchannel_logout_uri": f"http://127.0.0.1:{port}/out"}
        sql.execute(
            "UPDATE client SET metadata_json = ? WHERE client_id = 'shop'", [json.dumps(told)]
        )
        sql.commit()


@pytest.mark.protocol(88)
def test_a_service_hears_of_it_although_the_program_was_killed_before_it_could_tell(
    home: Path,
) -> None:
    port = free_port()
    tell_the_shop_at(home, port)
    with serving(home) as served:
        assert sign_out(served, reached(served)) == 303
        served.process.kill()
        served.process.wait()

    with open_desk(port=port) as desk, serving(home):
        assert desk.heard.wait(timeout=60)
        assert list(desk.got[0]) == ["logout_token"]
