"""Notices reach people as mail, in a folder; and who comes from a new browser, they are told."""

import stat
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import get_args

import pytest

from idp.notices.write import Kind
from oidc.endpoints.cookies import DEVICE
from tests.browser import Browser
from tests.idp.pages.front import at_home
from tests.sample import ADA, BAO
from tests.world import World

pytestmark = pytest.mark.anyio


async def mail(world: World, data: Path) -> list[EmailMessage]:
    """What lies in the folder, the oldest first, once everything is sent."""
    while not await world.house.postman.turn(rung=True):
        await world.house.postman.finish()
    parser = BytesParser(EmailMessage, policy=policy.default)
    return [parser.parsebytes(path.read_bytes()) for path in sorted((data / "spool").glob("*"))]


async def write(world: World, kind: Kind, who: int, label: str = "") -> None:
    parts = world.house.parts
    account = world.rows("SELECT account_id FROM account ORDER BY rowid")[who]
    await parts.storage.database.commit(*parts.notices.write(kind, account, world.now, label))


@pytest.mark.parametrize("kind", get_args(Kind))
async def test_a_notice_says_what_happened_and_when_and_what_to_do(
    world: World, tmp_path: Path, kind: Kind
) -> None:
    await write(world, kind, 0, "Điện thoại của Ada")
    [message] = await mail(world, tmp_path)
    text = message.get_content()
    assert message["To"] == ADA.email
    assert message["From"] == "no-reply@id.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "vi, en, ar"
    assert message["Date"] == "Tue, 01 Jan 2030 12:00:00 +0000"
    assert "Tài khoản quốc gia" in message["Subject"]
    assert "National account" in message["Subject"]
    assert "19:00, Viet Nam time" in text
    assert "Điện thoại của Ada" in text
    assert "If it was not you" in text
    assert "Nếu đó không phải là bạn" in text
    assert "إذا لم تكن أنت" in text or "حسابك الوطني" in text
    assert "http" not in text
    assert max(map(len, text.splitlines())) < 78


async def test_only_we_may_read_what_lies_in_the_folder(world: World, tmp_path: Path) -> None:
    await write(world, "totp_added", 0)
    await mail(world, tmp_path)
    [path] = (tmp_path / "spool").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_who_has_given_no_address_gets_none(world: World, tmp_path: Path) -> None:
    assert BAO.email is None
    await write(world, "totp_added", 1)
    assert await mail(world, tmp_path) == []
    assert world.rows("SELECT count(*) FROM outbox") == [0]


async def test_what_cannot_be_put_there_is_tried_again(world: World, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("no folder")
    await write(world, "totp_added", 0)
    await world.house.postman.turn(rung=True)
    await world.house.postman.finish()
    assert world.rows("SELECT failure FROM outbox") == ["FileExistsError"]


async def sign_in(browser: Browser) -> None:
    await browser.open("/sign-in")
    await browser.press("action", "password", identifier=ADA.identifier, password=ADA.password)
    assert browser.here.endswith("/account")


async def test_a_new_browser_is_told_of_once_also_after_a_sign_out(
    world: World, tmp_path: Path
) -> None:
    browser = await at_home(world)
    assert len(await mail(world, tmp_path)) == 1
    await browser.open("/sign-out")
    await browser.press("logout", "yes")
    await sign_in(browser)
    assert len(await mail(world, tmp_path)) == 1

    await sign_in(world.browser())
    assert len(await mail(world, tmp_path)) == 2


async def test_another_person_in_the_same_browser_is_told_too(world: World, tmp_path: Path) -> None:
    browser = await at_home(world)
    await browser.open("/sign-in")
    await browser.press("action", "password", identifier=BAO.identifier, password=BAO.password)
    kinds = world.rows("SELECT count(*) FROM outbox WHERE kind = 'notice'")
    assert kinds == [2]
    [first, second] = world.rows("SELECT device_digest FROM device")
    assert first != second


@pytest.mark.parametrize("known_as", ["é", "a b", "short", "a" * 44, ""])
async def test_a_browser_that_is_known_by_what_we_never_make_is_a_new_one(
    world: World, known_as: str
) -> None:
    browser = await at_home(world)
    await browser.open("/sign-in")
    asked = {
        **browser.form(button="action").values,
        "action": "password",
        "identifier": ADA.identifier,
        "password": ADA.password,
    }
    others = [f"{it.name}={it.value}" for it in browser.http.cookies.jar if it.name != DEVICE]
    cookie = "; ".join([*others, f"{DEVICE}={known_as}"]).encode("latin-1")
    browser.http.cookies.clear()

    answer = await browser.http.post("/sign-in", data=asked, headers=[(b"cookie", cookie)])

    assert answer.status_code == 303
    assert len(answer.cookies[DEVICE]) == 43
    assert world.rows("SELECT count(*) FROM outbox WHERE kind = 'notice'") == [2]
