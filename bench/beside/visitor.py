"""Somebody who asks one provider: as a browser with a session or without, and as a client."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from httpx2 import Auth, Client, Response

from bench.browser import Browser
from bench.side import ASKS, HOME, REDEEMS, Side

Form = Mapping[str, Any]
Changes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Visitor:
    """``cookie``: of a browser in which a person has signed in and decided."""

    side: Side
    http: Client
    cookie: str

    def authorize(self, changes: Changes, *, signed_in: bool = True) -> Response:
        """A request that is good but for ``changes``; None leaves a parameter out."""
        return self.ask(urlencode(_but(ASKS, changes)), signed_in=signed_in)

    def ask(self, query: str, *, signed_in: bool = True) -> Response:
        headers = {"Cookie": self.cookie} if signed_in else {}
        return self.http.get(f"{self.url(self.side.authorize)}?{query}", headers=headers)

    def code(self) -> str:
        [code] = parse_qs(urlsplit(self.authorize({}).headers["location"]).query)["code"]
        return code

    def redeem(self, **changes: str | None) -> Response:
        """A fresh code, in a request that is good but for ``changes``."""
        return self.token(_but({**REDEEMS, "code": self.code()}, changes))

    def token(self, form: Form, client: str = "bench", secret: str | None = None) -> Response:
        return self.post(self.side.token, form, (client, secret or self.side.secret))

    def access_token(self) -> str:
        return str(self.redeem().json()["access_token"])

    def userinfo(self, token: str, scheme: str = "Bearer") -> Response:
        headers = {"Authorization": f"{scheme} {token}"}
        return self.http.get(self.url(self.side.userinfo), headers=headers)

    def post(self, path: str, form: Form, auth: tuple[str, str] | None = None) -> Response:
        return self.http.post(self.url(path), data=dict(form), auth=auth or Auth())

    def get(self, path: str, **query: str) -> Response:
        headers = {"Cookie": self.cookie}
        return self.http.get(self.url(path), params=query or None, headers=headers)

    def url(self, path: str) -> str:
        return self.side.address + path

    def place(self, name: str) -> str:
        """Path of an endpoint, by its name in discovery."""
        found = self.http.get(self.url("/.well-known/openid-configuration")).json()
        return urlsplit(str(found[name])).path


def visitor(side: Side, http: Client) -> Visitor:
    """With a session."""
    browser = Browser(http)
    browser.arrive(f"{side.address}{side.authorize}?{urlencode(ASKS)}", side.answers, HOME)
    return Visitor(side, http, browser.cookie)


def _but(good: Mapping[str, str], changes: Changes) -> dict[str, str]:
    return {name: value for name, value in {**good, **changes}.items() if value is not None}
