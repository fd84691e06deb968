"""Every page there is, in every language, wide and narrow: fit for everybody. WCAG 2.2 AA.

The pages are those of the table in ``tests/pictures/scenes``.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from idp.pages.account.activity import DOWNLOAD
from idp.pages.console.paths import CONSOLE
from idp.pages.languages import TAGS, load
from idp.pages.routes import ROUTES
from tests.chromium import faults, spills
from tests.looks import cut, drawn, lost, spaced_out, stops, zoomed
from tests.pictures.__main__ import FOLDER, paths, widths
from tests.pictures.scenes import SCENES, walk
from tests.pictures.scenes.scene import Scene
from tests.pictures.stage import stage
from tests.pictures.visit import HEIGHTS, NARROW, WIDE, resize

alone = pytest.mark.xdist_group  # each walks through all pages by itself
ELSEWHERE = {"/", CONSOLE, DOWNLOAD}  # lead to the account and to the keys; is no page
BY_KEYBOARD = {"en": WIDE, "ar": NARROW}
_EDGELESS = """() => [...document.querySelectorAll('button, .button, input:not([type=hidden])')]
  .filter(it => it.checkVisibility() && !it.matches('.plain'))
  .filter(it => getComputedStyle(it).appearance === 'none' || !it.matches('.switch'))
  .filter(it => !parseFloat(getComputedStyle(it).borderTopWidth)).map(it => it.outerHTML)"""
_MOVING = """() => [...document.querySelectorAll('*')].filter(it => {
  const style = getComputedStyle(it);
  return style.animationName !== 'none' || style.transitionDuration !== '0s';
}).map(it => it.outerHTML)"""


def look(page: Page, language: str) -> list[str]:
    """Everything that is wrong with a page, in sentences, in the one size and colours of it."""
    html = page.locator("html")
    said = (html.get_attribute("lang"), html.get_attribute("dir"))
    wrong = [] if said == (language, load()[language].direction) else [f"{page.url} is {said}"]
    wide = [f"{page.url} spills"] if spills(page) else []
    return [*wrong, *wide, *drawn(page), *faults(page), *spaced_out(page), *cut(page)]


def by_keyboard(page: Page, language: str) -> list[str]:
    """What a keyboard does not reach in the order that is seen."""
    found = stops(page)
    return lost(found, leftward=language == "ar") if found else [f"{page.url}: no stops"]


def plainly(page: Page) -> list[str]:
    """What has no edge in forced colours, and what moves for who wants no motion."""
    page.emulate_media(forced_colors="active")
    wrong = [*page.evaluate(_EDGELESS), *page.evaluate(_MOVING)]
    page.emulate_media(forced_colors="none")
    return [f"{page.url}: {it}" for it in wrong]


def every_way(scene: Scene, page: Page, language: str, dark: int) -> list[str]:
    """At each width, one light and the other ``dark``, and in the ways that cannot be shown."""
    wrong = plainly(page) if language == "en" and not scene.alike else []
    for width in widths(scene):
        resize(page, width)
        page.emulate_media(color_scheme="dark" if width == dark else "light")
        wrong += look(page, language)
        wrong += zoomed(page) if width == WIDE else []
    if language in BY_KEYBOARD and not scene.alike:
        resize(page, BY_KEYBOARD[language])
        wrong += by_keyboard(page, language)
    resize(page, WIDE)
    return wrong


@pytest.mark.parametrize("language", [pytest.param(tag, marks=alone(tag)) for tag in TAGS])
def test_it_is_fit_for_everybody(language: str) -> None:
    wrong: list[str] = []
    titles: dict[str, str] = {}

    def hear(said: str) -> None:
        """A page that its own policy keeps from something is not as it was meant."""
        if "Content Security" in said:
            wrong.append(said)

    with stage() as set_up:
        dark = [*HEIGHTS][TAGS.index(language) % len(HEIGHTS)]
        # without motion: else axe may see a colour on its way from light to dark
        for scene, page in walk(set_up, language, WIDE, hear, reduced_motion="reduce"):
            spoken = scene.read_in(language)
            wrong += [f"{scene.name}: {it}" for it in every_way(scene, page, spoken, dark)]
            path = urlsplit(page.url).path
            if titles.setdefault(page.title(), path) != path:
                wrong.append(f"{path} has the title of {titles[page.title()]}")
    assert wrong == []
    assert {it.path for it in ROUTES if it.show} - ELSEWHERE <= set(titles.values())


@alone("scripts")
def test_no_page_needs_a_script() -> None:
    with stage() as set_up:
        pages = walk(set_up, "vi", NARROW, java_script_enabled=False)
        assert [scene for scene, _ in pages] == [*SCENES]


def test_every_page_has_its_pictures() -> None:
    assert {*FOLDER.glob("*.png")} == {path for language in TAGS for path in paths(language)}
