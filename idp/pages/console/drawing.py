"""A line of time as shapes, in whole pixels, for a wide page and for a narrow one.

WCAG 2.2, 1.4.10 (it is drawn for its width, not shrunk) and 1.4.1 (what a bar means is told by its
height and edge too). Where one reads from the right, time goes to the left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from idp.pages.console.timeline import Bar, Kind, Lane, Timeline
from idp.pages.dates import Tick

THICK, THIN, LEAST = 16, 6, 5
HEIGHTS = {Kind.WAITING: THIN, Kind.ENDING: THIN}


@dataclass(frozen=True, slots=True)
class Layout:
    """``margin``: for the names, which stand before their bars; else above, if it is 0.

    ``gap``: between algorithms.
    """

    name: str
    width: int
    margin: int
    row: int
    gap: int
    ticks: int


WIDE = Layout("wide", width=940, margin=200, row=32, gap=14, ticks=7)
NARROW = Layout("narrow", width=280, margin=0, row=44, gap=10, ticks=4)
LAYOUTS = (WIDE, NARROW)
_HEAD, _FOOT, _LABEL, _INDENT = 30, 30, 16, 84
_ROOM = 26  # for half of what stands at a mark


@dataclass(frozen=True, slots=True)
class Box:
    kind: Kind
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Row:
    """``alg`` is empty where it is said above. ``alg_x``, ``x`` and ``y``: where they stand."""

    kid: str
    alg: str
    alg_x: int
    x: int
    y: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """``top`` and ``bottom``: between which lines of time are drawn."""

    name: str
    width: int
    height: int
    top: int
    bottom: int
    now: int
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Pen:
    """Knows where on the paper a time is. ``leftward``: for who reads from the right."""

    line: Timeline
    layout: Layout
    leftward: bool

    def x(self, at: int) -> int:
        whole, room = self.line.ends - self.line.begins, self.layout.width - self.layout.margin
        return self.from_edge(self.layout.margin + (at - self.line.begins) * room // whole)

    def from_edge(self, along: int) -> int:
        return self.layout.width - along if self.leftward else along


def drawn(pen: Pen, ticks: Sequence[Tick]) -> Drawing:
    layout, lanes = pen.layout, pen.line.lanes
    rows: list[Row] = []
    top = _HEAD
    for index, lane in enumerate(lanes):
        first = index == 0 or lanes[index - 1].life.alg != lane.life.alg
        top += layout.gap if first and index else 0
        rows.append(_row(lane, pen, top, first=first))
        top += layout.row
    marks = [Mark(pen.x(tick.at), tick.label) for tick in ticks]
    whole = tuple(it for it in marks if _ROOM <= it.x <= layout.width - _ROOM)
    size = (layout.name, layout.width, top + _FOOT)
    return Drawing(*size, _HEAD, top, pen.x(pen.line.now), whole, tuple(rows))


def _row(lane: Lane, pen: Pen, top: int, *, first: bool) -> Row:
    """Beside its bars the name of an algorithm stands once; above them it goes with each key."""
    layout = pen.layout
    return Row(
        kid=lane.life.kid,
        alg=lane.life.alg if first or not layout.margin else "",
        alg_x=pen.from_edge(0),
        x=pen.from_edge(_INDENT),
        y=top + (layout.row // 2 + 5 if layout.margin else _LABEL),
        boxes=tuple(_boxes(lane.bars, pen, top)),
    )


def _boxes(bars: Iterable[Bar], pen: Pen, top: int) -> Iterator[Box]:
    row = pen.layout.row
    middle = top + (row // 2 if pen.layout.margin else row - THICK // 2 - 4)
    for bar in bars:
        begins, ends = sorted((pen.x(bar.begins), pen.x(bar.ends)))
        height = HEIGHTS.get(bar.kind, THICK)
        yield Box(bar.kind, begins, middle - height // 2, max(ends - begins, LEAST), height)
