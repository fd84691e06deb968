"""One side of the comparison, and how a person and a machine use it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from httpx2 import Client

from bench.browser import Browser

HOME = "https://agency.example/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
ASKS = {
    "client_id": "bench",
    "response_type": "code",
    "redirect_uri": HOME,
    "scope": "openid profile email",
    "state": "c3RhdGU",
    "nonce": "bm9uY2U",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
REDEEMS = {
    "grant_type": "authorization_code",
    "redirect_uri": HOME,
    "code_verifier": VERIFIER,
}
MACHINE_ASKS = {"grant_type": "client_credentials", "scope": "read"}
OFFLINE_ASKS = {
    **ASKS,
    "client_id": "bench-offline",
    "scope": "openid profile email offline_access",
    "prompt": "consent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """``address``: what ``wrk`` talks to. ``answers``: what the person types and presses."""

    name: str
    pid: int
    address: str
    secret: str = field(repr=False)
    answers: dict[str, str] = field(repr=False)
    authorize: str = "/authorize"
    token: str = "/token"
    userinfo: str = "/userinfo"
    introspection: str = "/introspect"
    jwks: str = "/jwks"
    ready: float = 0.0
    """Seconds from its start to its first answer."""

    def sign_in(self, http: Client) -> dict[str, str]:
        """A person signs in and decides; returns what the load scripts need to know."""
        browser = Browser(http)
        path = f"{self.authorize}?{urlencode(ASKS)}"
        browser.arrive(self.address + path, self.answers, HOME)
        refresh = self._allowed(http, browser)  # it may bring another cookie
        return {
            "BENCH_AUTHORIZE": path,
            "BENCH_TOKEN": self.token,
            "BENCH_USERINFO": self.userinfo,
            "BENCH_JWKS": self.jwks,
            "BENCH_COOKIE": browser.cookie,
            "BENCH_CLIENT": self._basic("bench"),
            "BENCH_REDEEM": f"{urlencode(REDEEMS)}&code=",
            "BENCH_MACHINE": self._basic("bench-machine"),
            "BENCH_MACHINE_ASKS": urlencode(MACHINE_ASKS),
            "BENCH_INTROSPECTION": self.introspection,
            "BENCH_OFFLINE": self._basic("bench-offline"),
            "BENCH_ARCHIVE": self._basic("bench-archive"),
            "BENCH_REFRESH": refresh,
        }

    def _allowed(self, http: Client, browser: Browser) -> str:
        """The form that refreshes, once the person has said that it may."""
        path = f"{self.authorize}?{urlencode(OFFLINE_ASKS)}"
        back = urlsplit(browser.arrive(self.address + path, self.answers, HOME))
        [code] = parse_qs(back.query)["code"]
        tokens = self._tokens(http, urlencode({**REDEEMS, "code": code}))
        return urlencode({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})

    def fresh(self, http: Client, known: Mapping[str, str]) -> dict[str, str]:
        """An access token that outlives the next work."""
        token = self._tokens(http, known["BENCH_REFRESH"])["access_token"]
        return {"BENCH_ACCESS": token, "BENCH_INTROSPECT": urlencode({"token": token})}

    def _tokens(self, http: Client, form: str) -> dict[str, str]:
        headers = {
            "Authorization": self._basic("bench-offline"),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = http.post(self.address + self.token, content=form, headers=headers)
        if not answer.is_success:
            raise RuntimeError(f"{self.name}: {answer.text}")
        return dict(answer.json())

    def _basic(self, client_id: str) -> str:
        """RFC 6749 section 2.3.1."""
        pair = base64.b64encode(f"{client_id}:{self.secret}".encode()).decode()
        return f"Basic {pair}"
