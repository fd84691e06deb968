"""A person at a browser that runs no script: follows links and presses buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from httpx2 import Client, Response

from tests.browser import MOST_REDIRECTS, Form, Forms


class _Reader(Forms):
    """Also what a page says, and where its labelled links lead."""

    def __init__(self, page: str) -> None:
        self.text: list[str] = []
        self.links: dict[str, str] = {}
        super().__init__(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "aria-label" in values:
            self.links[values["aria-label"]] = values.get("href", "")

    def handle_data(self, data: str) -> None:
        self.text.append(data.strip())


@dataclass
class Page:
    answer: Response

    def __post_init__(self) -> None:
        self._read = _Reader(self.answer.text)

    @property
    def url(self) -> str:
        return str(self.answer.url)

    @property
    def alone(self) -> Form:
        """The one form of the page, which a script would send."""
        [form] = self._read.found
        return form

    @property
    def left_for(self) -> str | None:
        """Where a redirect leads that is not followed."""
        return urljoin(self.url, self.answer.headers["location"]) if self._sent else None

    @property
    def where(self) -> str:
        """What the browser's bar shows."""
        return self.left_for or self.url

    @property
    def _sent(self) -> bool:
        return self.answer.is_redirect

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
        return next(form for form in self._read.found if (name, value) in form.buttons)


class Person:
    """Cookies with the prefix ``__Host-`` go to localhost without TLS, as in a browser.

    ``home``: how addresses begin at which nobody answers; there a journey ends. ``verify``: whom it
    trusts, where TLS is spoken.
    """

    def __init__(
        self, language: str = "en", *, home: str | None = None, verify: SSLContext | bool = True
    ) -> None:
        self._home = home
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self._http = Client(
            cookies=CookieJar(policy),
            headers={"Accept-Language": language},
            trust_env=False,
            timeout=20,
            verify=verify,
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
        return self._follow(self._http.get(url))

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
        data: dict[str, str | list[str]] = {**form.values, **(typed or {}), button[0]: button[1]}
        if pick:
            data |= {name: [value for _, value in form.boxes] for name, _ in form.boxes}
        url = urljoin(page.url, form.action)
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        return self._follow(self._http.post(url, data=data, headers=headers))

    def send(self, page: Page) -> Page:
        """The page's one form, as its script would."""
        headers = {"Origin": "{0.scheme}://{0.netloc}".format(urlsplit(page.url))}
        url = urljoin(page.url, page.alone.action)
        return self._follow(self._http.post(url, data=page.alone.values, headers=headers))

    def _follow(self, answer: Response) -> Page:
        """A redirect is followed by GET, as browsers do."""
        for _ in range(MOST_REDIRECTS):
            page = Page(answer)
            to = page.left_for
            if to is None or (self._home and to.startswith(self._home)):
                return page
            answer = self._http.get(to)
        raise AssertionError(f"redirects without end, last at {answer.url}")
