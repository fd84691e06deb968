"""A person's browser, without scripts: it keeps cookies, follows redirects and fills in forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from httpx2 import ASGITransport, AsyncClient, Response

Pairs = list[tuple[str, str]]
HTML = "text/html"
MOST_REDIRECTS = 10


@dataclass
class Form:
    """``values`` are hidden and typed ones, ``boxes`` those one may tick.

    ``options``: what its script is told.
    """

    action: str = ""
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    options: str = ""


class Forms(HTMLParser):
    """The forms of a page, in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = Form(said.get("action", ""), said.get("method", "get").lower())
            form.options = said.get("data-options", "")
            self.found.append(form)
        elif self.found and "name" in said:
            self._control(tag, said)

    def _control(self, tag: str, said: dict[str, str]) -> None:
        form, pair = self.found[-1], (said["name"], said.get("value", ""))
        if tag == "button":
            form.buttons.append(pair)
        elif tag == "input" and said.get("type") == "checkbox":
            form.boxes.append(pair)
        elif tag == "input":
            form.values.update([pair])


class Browser:
    """Where it is, is ``page``; an address that is not ours is where a journey ends."""

    def __init__(self, app: ASGITransport, issuer: str) -> None:
        self.http = AsyncClient(transport=app, base_url=issuer)
        self.issuer = issuer
        self.page: Response

    async def __aenter__(self) -> Self:
        await self.http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.http.__aexit__(kind, error, at)

    @property
    def here(self) -> str:
        return str(self.page.url)

    @property
    def left_for(self) -> str | None:
        """Where a redirect leads that is not to us."""
        return self.page.headers.get("location") if self.page.is_redirect else None

    def form(self, *, button: str | None = None, value: str | None = None) -> Form:
        """The first form, or the first one with a button of this name, and value if any has it."""
        found = Forms(self.page.text).found
        for form in found:
            if (button, value) in form.buttons:
                return form
        for form in found:
            if button is None or button in {name for name, _ in form.buttons}:
                return form
        raise LookupError(f"no form with button {button} at {self.here}: {self.page.status_code}")

    async def open(self, address: str, headers: dict[str, str] | None = None) -> Response:
        self.page = await self.http.get(address, headers=headers)
        return await self._follow()

    async def press(
        self, name: str, value: str, /, *, tick: tuple[str, ...] = (), **typed: str
    ) -> Response:
        """Press a button of the page; ``tick`` are values of boxes, ``typed`` what is filled in."""
        form = self.form(button=name, value=value)
        pairs = [*{**form.values, **typed}.items(), (name, value)]
        pairs += [box for box in form.boxes if box[1] in tick]
        return await self.send(urljoin(self.here, form.action), pairs)

    async def send(self, address: str, pairs: Pairs) -> Response:
        """A form, as a page of ours would send it."""
        content = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
        kind = {"content-type": "application/x-www-form-urlencoded"}
        self.page = await self.http.post(address, content=content, headers=kind)
        return await self._follow()

    async def _follow(self) -> Response:
        for _ in range(MOST_REDIRECTS):
            to = urljoin(self.here, self.page.headers.get("location", ""))
            if not self.page.is_redirect or not to.startswith(f"{self.issuer}/"):
                return self.page
            self.page = await self.http.get(to)
        raise AssertionError(f"redirects without end, last at {self.here}")


def quoted(text: str) -> str:
    return "".join(
        chr(octet) if chr(octet).isalnum() and octet < 128 else f"%{octet:02X}"
        for octet in text.encode()
    )
