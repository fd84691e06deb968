"""The table of all pages: one line each, in the order of one walk.

For a page that is new, add a line to the part where it belongs: it gets its pictures by ``make
pictures``, and the tests of all pages look at it. Each part begins with a browser that nobody has
used, but with what the parts before left behind.
"""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from tests.pictures.scenes import (
    at_home,
    deciding,
    entering,
    leaving,
    securing,
    stepping_up,
    watching,
)
from tests.pictures.scenes.scene import Scene
from tests.pictures.stage import Stage
from tests.pictures.visit import Visit, visitor

Hear = Callable[[str], object]
PARTS = (
    entering.SCENES,
    stepping_up.SCENES,
    (*deciding.SCENES, *at_home.SCENES),
    leaving.SCENES,
    securing.SCENES,
    watching.SCENES,
)
SCENES = tuple(scene for part in PARTS for scene in part)


def walk(
    stage: Stage, language: str, width: int, hear: Hear = len, **said: Any
) -> Iterator[tuple[Scene, Page]]:
    """Each page in turn. ``hear``: what the browser says. ``said``: more about the browser."""

    def heard(message: ConsoleMessage) -> None:
        hear(message.text)

    for part in PARTS:
        context = visitor(stage.browser, language, width, **said)
        context.on("console", heard)
        visit = Visit(stage, context.new_page(), language)
        for scene in part:
            scene.step(visit)
            visit.page.wait_for_load_state()  # a click waits for the answer, not for the page
            yield scene, visit.page
        context.close()
