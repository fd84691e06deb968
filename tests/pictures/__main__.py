"""``make pictures``: every page in every language, wide and narrow, into ``docs/pages/``.

Twice makes the same files. Names on the command line choose pages, as in ``python -m
tests.pictures decide``.
"""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from idp.pages.languages import TAGS
from tests.pictures.chance import the_same_each_time
from tests.pictures.scenes import SCENES, walk
from tests.pictures.scenes.scene import Scene
from tests.pictures.stage import stage
from tests.pictures.visit import HEIGHTS, NARROW, WIDE, resize

COLOURS = 96
FOLDER = Path(__file__).parents[2] / "docs" / "pages"


def main(wanted: Sequence[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for language in TAGS:
        take(language, set(wanted))
    there = {path for language in TAGS for path in paths(language)}
    for gone in {*FOLDER.glob("*.png")} - there:
        gone.unlink()


def widths(scene: Scene) -> Sequence[int]:
    """Those in which it is looked at."""
    return (NARROW,) if scene.alike else tuple(HEIGHTS)


def paths(language: str) -> list[Path]:
    """Where the pictures of one walk are."""
    return [picture(scene.name, language, it) for scene in SCENES for it in widths(scene)]


def picture(name: str, language: str, width: int) -> Path:
    return FOLDER / f"{name}-{language}-{width}.png"


def take(language: str, wanted: set[str]) -> None:
    """The pictures of one walk."""
    with the_same_each_time(), stage() as set_up:
        for scene, page in walk(set_up, language, WIDE):
            for width in widths(scene) if not wanted or scene.name in wanted else ():
                resize(page, width)
                taken = page.screenshot(full_page=True, animations="disabled")
                keep(taken, picture(scene.name, language, width))
            resize(page, WIDE)


def keep(png: bytes, path: Path) -> None:
    """With a palette of its own: a third of the bytes, and no eye sees a difference."""
    image = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
