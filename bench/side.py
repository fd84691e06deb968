"""One side of the comparison, and how a person and a machine use it."""

import base64
from dataclasses import dataclass, field
from urllib.parse import urlencode

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
    jwks: str = "/jwks"
    ready: float = 0.0
    """Seconds from its start to its first answer."""

    def sign_in(self, http: Client) -> dict[str, str]:
        """A person signs in and decides; returns what the load scripts need to know."""
        browser = Browser(http)
        path = f"{self.authorize}?{urlencode(ASKS)}"
        browser.arrive(self.address + path, self.answers, HOME)
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
        }

    def _basic(self, client_id: str) -> str:
        """RFC 6749 section 2.3.1."""
        pair = base64.b64encode(f"{client_id}:{self.secret}".encode()).decode()
        return f"Basic {pair}"
