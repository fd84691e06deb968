"""Whatever bytes arrive at whatever page, the answer is a page and never a fault."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.pages.console.cookie import COOKIE
from idp.pages.routes import ROUTES
from oidc.endpoints.cookies import BROWSER
from tests.idp.console.desk import an_officer
from tests.idp.pages.front import at_home
from tests.oidc.test_any_bytes import FORM, call
from tests.soft_passkey import Authenticator
from tests.world import open_world

PATHS = [*(route.path for route in ROUTES), "/static/motcua.css", "/healthz", "/readyz", "/\ud800"]
NAMES = st.sampled_from(
    ["identifier", "password", "action", "decision", "item", "logout", "csrf", "i", "record",
     "session", "ui_locales", "shown", "post_logout_redirect_uri", "state", "key", "link", "to",
     "credential", "reason"]
)  # fmt: skip
ODD = st.sampled_from(
    ["%00", "%ED%A0%80", "%FF", "password", "share", "yes", "all", "vi", "0" * 12, "%D9%A0" * 12]
)
FORMS = st.lists(st.tuples(NAMES, ODD | st.text(max_size=20))).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode(errors="replace")
)
BYTES = st.binary() | FORMS
KINDS = st.sampled_from([FORM, b"text/plain", b"", b"multipart/form-data; boundary=x"])
LAWFUL = {200, 303, 400, 401, 403, 404, 405, 410, 413, 415, 429}


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_any_bytes(tmp_path: Path, path: str) -> None:
    @settings(max_examples=80, deadline=None, database=None)
    @given(st.sampled_from(["GET", "POST", "HEAD", "PUT", "\x00"]), BYTES, BYTES, KINDS, BYTES)
    def whatever_arrives(
        method: str, query: bytes, body: bytes, kind: bytes, cookie: bytes
    ) -> None:
        signed_in = b"; ".join((*secrets, cookie))
        headers = [(b"content-type", kind), (b"cookie", signed_in), (b"user-agent", cookie)]
        answer = runner.run(call(world, method, path, query, headers, body))
        assert answer["status"] in LAWFUL, answer

    with asyncio.Runner() as runner:
        opened = open_world(tmp_path)
        world = runner.run(opened.__aenter__())
        citizen = runner.run(at_home(world)).http.cookies[BROWSER]
        officer = runner.run(an_officer(world, Authenticator())).http.cookies[COOKIE]
        secrets = (f"{BROWSER}={citizen}".encode(), f"{COOKIE}={officer}".encode())
        try:
            whatever_arrives()
        finally:
            runner.run(opened.__aexit__(None, None, None))
