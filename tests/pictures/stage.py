"""The real application with the people, agencies and purposes of the demonstration, and two more.

Its clock begins at the same moment each time, so that the same pages come out.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from joserfc.jwk import ECKey
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from clients.registration import parse
from consent import purposes
from examples import furnish, registers
from idp.accounts.person import Person
from idp.authentication.enrol import Enrolment
from idp.migrate import migrate_sqlite
from idp.parts import Parts
from keys.secrets import digest
from store.micros import SECOND
from tests.authenticator import App, give_app
from tests.chromium import open_browser
from tests.idp.pages.served import serve
from tests.population import PAIRING_KEY, register_of
from tests.world import World, open_house_in, settings_for

Made = TypeVar("Made")
MORE = Path(__file__).parent / "services.toml"
MORNING = 1_795_399_200 * SECOND  # 23 November 2026, nine in the morning in Viet Nam
REGISTER = json.loads((Path(registers.__file__).parent / "people.json").read_text("utf-8"))
PEOPLE = [Person(**one) for one in json.loads(furnish.PEOPLE.read_text("utf-8"))]
MINH_ANH, NOBODY_KNOWS, KHANH_NGOC, QUOC_BAO, H_LAN, HAI = PEOPLE
PORTAL_SECRET = "no secret"
JADE, SIDE = "#0b6b5d", 96
AGENCIES = {"PORTAL_URL": "https://portal.gov.example", "TAX_URL": "https://tax.gov.example"}


@dataclass(frozen=True)
class Stage:
    """``app`` is H'Lan's, with the codes on her paper; ``port`` is where the application is.

    ``folder`` holds its files; ``world`` lives on ``loop``.
    """

    browser: Browser
    app: App
    port: int
    folder: Path
    world: World
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[Any, Any, Made]) -> Made:
        """Something behind the scenes."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def write(self, *statements: str, file: str = "motcua.db") -> None:
        with closing(sqlite3.connect(self.folder / file, isolation_level=None)) as sql:
            for statement in statements:
                sql.execute(statement)


@contextmanager
def stage() -> Iterator[Stage]:
    """A browser for which every HTTPS address is the application's, on files of its own."""
    made: list[tuple[App, World, asyncio.AbstractEventLoop]] = []

    @asynccontextmanager
    async def opening(folder: Path) -> AsyncIterator[World]:
        async with open_example(folder) as world:
            made.append((await give_app(world, H_LAN), world, asyncio.get_running_loop()))
            yield world

    with (
        TemporaryDirectory(prefix="motcua-") as folder,
        serve(Path(folder), opening) as port,
        open_browser(f"--host-resolver-rules=MAP *:443 127.0.0.1:{port}") as browser,
    ):
        app, world, loop = made[0]
        yield Stage(browser, app, port, Path(folder), world, loop)


@asynccontextmanager
async def open_example(folder: Path) -> AsyncIterator[World]:
    migrate_sqlite(folder / "motcua.db")
    world = World(MORNING, population=register_of(REGISTER))
    register = {"url": world.population.url, "pairing_key": PAIRING_KEY}
    settings = settings_for(folder, registers={"population": register}, patience=1.0)
    async with open_house_in(world, settings):
        await furnish_example(world.house.parts, world.now)
        yield world


async def furnish_example(parts: Parts, now: int) -> None:
    key = ECKey.generate_key("P-256")
    public = key.as_dict(private=False)
    made: dict[str, Any] = {"TAX_X": public["x"], "TAX_Y": public["y"], "TAX_KID": key.thumbprint()}
    said = Template(furnish.TEMPLATE.read_text("utf-8")).substitute(
        **AGENCIES, **made, PORTAL_SECRET_DIGEST=digest(PORTAL_SECRET)
    )
    said += MORE.read_text("utf-8")
    registration = parse(said.encode(), demonstration=True)
    await parts.clients.apply(registration.agencies, registration.clients, now)
    await parts.purposes.apply(purposes.parse(registration.purposes).purposes, now)
    await parts.clients.logos.approve("health", logo(), now)
    for person in PEOPLE:
        await Enrolment(parts).add(person, now)


def logo() -> bytes:
    """A cross, as a ministry of health might have it."""
    picture, held = Image.new("RGB", (SIDE, SIDE), JADE), BytesIO()
    draw = ImageDraw.Draw(picture)
    for corners in ((40, 22, 55, 73), (22, 40, 73, 55)):
        draw.rectangle(corners, fill="white")
    picture.save(held, "PNG")
    return held.getvalue()
