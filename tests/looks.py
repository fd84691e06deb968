"""What a page looks like to somebody who zooms, spaces text out, or moves by keyboard.

WCAG 2.2: 1.3.1 (headings), 1.4.4 (twice the size), 1.4.10 (reflow), 1.4.12 (text spacing), 2.4.3
(order), 2.4.7 and 2.4.11 (focus), 2.5.8 (targets), 3.3.1 (errors). axe cannot tell these.
"""

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 80

_DRAWN = """async () => {
  // what is focused of itself is, once the page has been drawn
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const wrong = [], seen = it => it.checkVisibility({opacityProperty: true});
  const all = what => [...document.querySelectorAll(what)].filter(seen);
  const levels = all('h1, h2, h3, h4, h5, h6').map(it => +it.tagName[1]);
  if (levels.filter(it => it === 1).length !== 1) wrong.push('not one h1');
  if (levels.some((it, at) => it > (levels[at - 1] ?? 0) + 1)) wrong.push('a heading skips');
  for (const it of all('a[href], button, input, select, summary')) {
    const box = it.getBoundingClientRect(), inline = getComputedStyle(it).display === 'inline';
    if (!inline && Math.min(box.width, box.height) < 24) wrong.push('too small: ' + it.outerHTML);
  }
  for (const it of all('[aria-invalid=true]')) {
    const told = (it.getAttribute('aria-describedby') ?? '').split(' ');
    if (!told.includes('problem')) wrong.push('nothing says what is wrong: ' + it.outerHTML);
  }
  const problem = document.getElementById('problem');
  if (problem && document.activeElement !== problem) wrong.push('the reader is not at the problem');
  return wrong;
}"""

_WEAR = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}"""

_CUT = """() => [...document.body.querySelectorAll('*')].filter(it =>
  it.clientWidth && it.scrollWidth > it.clientWidth + 1 && it.tagName !== 'INPUT'
  && it.checkVisibility({opacityProperty: true}) && !it.closest('svg')
).map(it => it.outerHTML.slice(0, 200))"""

_SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
    " word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"
)
_FOCUSED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const it = document.activeElement, box = it.getBoundingClientRect();
  if (it === document.body) return null;
  const style = getComputedStyle(it), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const there = document.elementFromPoint(x, y);
  return {
    name: it.outerHTML.slice(0, 200),
    x: box.x, right: box.right, y: box.y + scrollY, bottom: box.bottom + scrollY,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    bare: !!there && (it === there || it.contains(there) || there.contains(it)),
    inside: Math.min(box.top, box.left, innerHeight - box.bottom, innerWidth - box.right) > -2,
    at: [...document.querySelectorAll('*')].indexOf(it),
  };
}"""


def drawn(page: Page) -> list[str]:
    """What is wrong with headings, targets and errors."""
    return [f"{page.url}: {wrong}" for wrong in page.evaluate(_DRAWN)]


def cut(page: Page) -> list[str]:
    """What does not fit in its place."""
    return [f"{page.url}: cut off: {what}" for what in page.evaluate(_CUT)]


def spaced_out(page: Page) -> list[str]:
    """What is cut when a person's own sheet gives the text more room."""
    page.evaluate(_WEAR, _SPACED)
    found = cut(page)
    page.evaluate(_WEAR, "")
    return found


def zoomed(page: Page) -> list[str]:
    """What is cut at 200 %: half the window, as the page sees it."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    found = cut(page)
    page.set_viewport_size(size)
    return found


def stops(page: Page) -> list[dict[str, Any]]:
    """Where the keyboard stops from the top of the page until it leaves it, as it looks there."""
    page.locator(".skip").focus()
    for key in ("Tab", "Shift+Tab"):  # so that the browser knows who moves
        page.keyboard.press(key)
    found: list[dict[str, Any]] = [page.evaluate(_FOCUSED)]
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None or stop["at"] == found[0]["at"]:
            break
        found.append(stop)
    return found


def lost(found: list[dict[str, Any]], *, leftward: bool) -> list[str]:
    """Stops that nobody could see, or that come before one that stands before them."""
    wrong = [
        f"not {what}: {stop['name']}"
        for stop in found
        for what in ("ring", "bare", "inside")
        if not stop[what]
    ]
    for one, next_ in pairwise(found):
        if next_["at"] < one["at"] or _before(next_, one, leftward=leftward):
            wrong.append(f"out of order: {next_['name']}")
    return wrong


def _before(this: dict[str, Any], that: dict[str, Any], *, leftward: bool) -> bool:
    """Above it in the same column, or earlier in the same row."""
    if this["x"] < that["right"] and that["x"] < this["right"]:
        return bool(this["bottom"] <= that["y"])
    earlier = this["x"] > that["x"] if leftward else this["x"] < that["x"]
    return bool(earlier and this["y"] < that["bottom"] and that["y"] < this["bottom"])
