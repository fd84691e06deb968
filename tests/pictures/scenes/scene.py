"""What a scene is, and steps that many of them take."""

from collections.abc import Callable
from typing import NamedTuple

from idp.pages.languages import TAGS
from tests.pictures.visit import Step, Visit

LEVEL_2 = '{"id_token": {"acr": {"essential": true, "value": "urn:nid:acr:2"}}}'
WISHED = "urn:nid:acr:2"


class Scene(NamedTuple):
    """A step leads from the page before to this one.

    ``alike``: it differs by a few words from one that stands here already, so it is looked at in
    the narrow window alone, which is where words fit worst. ``written``: in which languages.
    """

    name: str
    step: Step
    alike: bool = False
    written: tuple[str, ...] = TAGS

    def read_in(self, language: str) -> str:
        """By somebody who wishes for this language."""
        return language if language in self.written else self.written[0]


def alike(name: str, step: Step) -> Scene:
    return Scene(name, step, alike=True)


def at(path: str) -> Step:
    return lambda visit: visit.go(path)


def press(name: str, value: str, **typed: str) -> Step:
    """``typed``: what is filled in before, by the field's ``id``."""

    def step(visit: Visit) -> None:
        for field, text in typed.items():
            visit.page.fill(f"#{field}", text)
        visit.press(name, value)

    return step


def then(*steps: Callable[[Visit], object]) -> Step:
    def step(visit: Visit) -> None:
        for one in steps:
            one(visit)

    return step


def send(visit: Visit, form: str, **values: str) -> None:
    """A form as its script would send it, or as somebody might who tampers with it."""
    with visit.page.expect_navigation():
        visit.page.locator(form).evaluate(_SEND, values)


_SEND = """(form, values) => {
  for (const [name, value] of Object.entries(values)) {
    const there = form.elements.namedItem(name), made = document.createElement('input');
    if (there && there.tagName === 'INPUT') { there.value = value; continue; }
    Object.assign(made, {type: 'hidden', name, value});
    form.append(made);
  }
  HTMLFormElement.prototype.submit.call(form);
}"""
