"""A person at a browser that runs no script: follows links and presses buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from httpx2 import Client, Response


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    hidden: dict[str, str] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.links: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get")))
        elif tag == "a" and "aria-label" in values:
            self.links[values["aria-label"]] = values.get("href", "")
        elif self.forms and "name" in values:
            self._control(tag, values, self.forms[-1])

    def _control(self, tag: str, values: dict[str, str], form: Form) -> None:
        name, value = values["name"], values.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif values.get("type") == "hidden":
            form.hidden[name] = value
        elif values.get("type") == "checkbox":
            form.choices.setdefault(name, []).append(value)
        elif tag == "input":
            form.inputs.append(name)

    def handle_data(self, data: str) -> None:
        self.text.append(data.strip())


@dataclass
class Page:
    answer: Response

    def __post_init__(self) -> None:
        self._read = _Reader()
        self._read.feed(self.answer.text)

    @property
    def url(self) -> str:
        return str(self.answer.url)

    @property
    def place(self) -> tuple[int | None, str]:
        """Port and path."""
        parts = urlsplit(self.url)
        return parts.port, parts.path

    @property
    def text(self) -> str:
        return " ".join(filter(None, self._read.text))

    def link(self, label: str) -> str:
        """Where the link with this label leads."""
        return urljoin(self.url, self._read.links[label])

    def form(self, name: str, value: str) -> Form:
        """The one with this button."""
        return next(form for form in self._read.forms if (name, value) in form.buttons)


class Person:
    """Cookies with the prefix ``__Host-`` go to localhost without TLS, as in a browser."""

    def __init__(self, language: str = "en") -> None:
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self._http = Client(
            cookies=CookieJar(policy),
            follow_redirects=True,
            headers={"Accept-Language": language},
            trust_env=False,
            timeout=20,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def go(self, url: str) -> Page:
        return Page(self._http.get(url))

    def press(
        self,
        page: Page,
        button: tuple[str, str],
        typed: Mapping[str, str] | None = None,
        *,
        pick: bool = False,
    ) -> Page:
        """Type, then press a button. ``pick``: after switching on all that may be chosen."""
        form = page.form(*button)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        data: dict[str, str | list[str]] = {**form.hidden, **(typed or {}), button[0]: button[1]}
        if pick:
            data |= form.choices
        url = urljoin(page.url, form.action)
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        return Page(self._http.post(url, data=data, headers=headers))
