"""A person at a browser: follows redirects, fills in forms, keeps cookies. Used before the load."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin

from httpx2 import Client, Response

STEPS = 12


class Form(HTMLParser):
    """The first form of a page that has a field or a button we know the answer to."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        super().__init__()
        self._answers = answers
        self._open = False
        self.action = ""
        self.values: dict[str, str] = {}
        self.known = False

    @classmethod
    def of(cls, page: str, answers: Mapping[str, str]) -> Self:
        form = cls(answers)
        form.feed(page)
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.known:
            shown = "hidden" not in said  # what is hidden waits for a script
            self._open, self.action, self.values = shown, said.get("action", ""), {}
        elif self._open and tag in {"input", "button"} and "name" in said:
            self._field(said["name"], said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.known:
            self._open = False

    def _field(self, name: str, said: Mapping[str, str]) -> None:
        answer = self._answers.get(name)
        if answer is not None and said.get("value") in (None, "", answer):
            self.known = True  # a field to fill in, or the very button to press
            self.values[name] = answer
        elif said.get("type") == "hidden":
            self.values[name] = said.get("value", "")


class Browser:
    """Its cookies go to one provider only, by loopback, whatever their attributes say."""

    def __init__(self, http: Client) -> None:
        self._http = http
        self._cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """What the browser sends: a ``Cookie`` header."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def arrive(self, address: str, answers: Mapping[str, str], home: str) -> str:
        """Answer whatever is asked until sent to ``home``; returns that whole address."""
        answer = self._ask("GET", address)
        for _ in range(STEPS):
            if answer.is_redirect:
                address = urljoin(address, answer.headers["location"])
                if address.startswith(home):
                    return address
                answer = self._ask("GET", address)
                continue
            form = Form.of(answer.text, answers)
            if not form.known:
                break
            address = urljoin(address, form.action)
            answer = self._ask("POST", address, form.values)
        raise RuntimeError(f"stuck at {address.split('?')[0]}: {answer.status_code} {answer.text}")

    def _ask(self, method: str, address: str, form: Mapping[str, str] | None = None) -> Response:
        headers = {"Cookie": self.cookie} if self._cookies else {}
        answer = self._http.request(method, address, data=form, headers=headers)
        for said in answer.headers.get_list("set-cookie"):
            name, _, value = said.partition(";")[0].partition("=")
            self._cookies[name] = value
            if not value:
                del self._cookies[name]
        return answer
