"""Whatever is said at the registration endpoints, the answer is a refusal and never a fault."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.dynamic.members import REGISTERED
from tests.oidc.registering import open_to_all, registered
from tests.oidc.test_any_bytes import call
from tests.oidc.values import CALLBACK

pytestmark = pytest.mark.protocol(17, 119)

ODD: Any = st.sampled_from(
    [None, True, -1, 1e300, "", "\0", "\ud800", "https://[::1", "a.b://[", "none", "openid", {}, [],
     CALLBACK, [CALLBACK], "ES256", "HS256", {"keys": []}, {"keys": [{"kty": "EC"}]}, "http://a@b/",
     "native", "private_key_jwt", "client_secret_jwt", ["implicit"], {"d": 1}, "https://x.example"]
)  # fmt: skip
NAMES = st.sampled_from(
    [*sorted(REGISTERED), "client_name#vi", "client_name#", "#", "client_id", "response_types",
     "subject_type", "contacts", "registration_access_token", "client_names", "agency_id"]
)  # fmt: skip
VALUES = st.recursive(
    ODD | st.text(max_size=8) | st.integers(), lambda it: st.lists(it, max_size=3), max_leaves=4
)
OBJECTS = st.dictionaries(NAMES | st.text(max_size=5), VALUES, max_size=6)
BODIES = (
    st.binary(max_size=40)
    | OBJECTS.map(lambda said: json.dumps(said).encode())
    | OBJECTS.map(lambda said: json.dumps({"redirect_uris": [CALLBACK], **said}).encode())
)
LAWFUL = {200, 201, 400, 401, 429}


@pytest.mark.parametrize("path", ["/register", "/register/client"])
def test_any_bytes(tmp_path: Path, path: str) -> None:
    @settings(max_examples=250, deadline=None, database=None)
    @given(BODIES, st.booleans(), st.binary(max_size=20))
    def whatever_is_said(body: bytes, own: bool, token: bytes) -> None:
        head = [(b"content-type", b"application/json")]
        method, query = "POST", b""
        if path != "/register":
            method, query = "PUT", f"client_id={made['client_id']}".encode()
            body = body.replace(b"{", f'{{"client_id":"{made["client_id"]}",'.encode(), 1)
            mine = made["registration_access_token"].encode()
            head.append((b"authorization", b"Bearer " + (mine if own else token)))
        elif not own:
            head.append((b"authorization", token))
        answer = runner.run(call(world, method, path, query, head, body))
        assert answer["status"] in LAWFUL, answer
        if answer["status"] >= 400 and answer["body"]:
            assert json.loads(answer["body"]).keys() == {"error", "error_description"}

    with asyncio.Runner() as runner:
        opened = open_to_all(tmp_path)
        world = runner.run(opened.__aenter__())
        made = runner.run(registered(world))
        try:
            whatever_is_said()
        finally:
            runner.run(opened.__aexit__(None, None, None))
