"""What docs/integrate.md says works, as it stands there: each library, through our pages."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from joserfc.jwk import ECKey
from playwright.sync_api import expect

from keys.secrets import new_secret
from tests.chromium import open_browser
from tests.interop.running import PACKAGES, node, python, running, trusting
from tests.interop.snippets import BLOCKS, LIBRARIES, Here
from tests.interop.stage import MINH_ANH, NAME, Stage, through
from tests.ports import free_port

Start = Callable[[Stage, int, Path], AbstractContextManager[None]]


@contextmanager
def authlib(stage: Stage, port: int, folder: Path) -> Iterator[None]:
    here = Here(stage, f"http://localhost:{port}")
    secret = here.register("authlib")["client_secret"]
    (folder / "service.py").write_text(here.snippet("authlib", "python"))
    command = python("uvicorn", "service:app", "--port", str(port))
    env = trusting(stage, CLIENT_SECRET=secret, SESSION_KEY=new_secret())
    with running(command, port, folder, env):
        yield


@contextmanager
def openid_client(stage: Stage, port: int, folder: Path) -> Iterator[None]:
    here = Here(stage, f"http://localhost:{port}")
    secret = here.register("openid-client")["client_secret"]
    (folder / "service.mjs").write_text(here.snippet("openid-client", "js"))
    env = trusting(stage, CLIENT_SECRET=secret, PORT=str(port))
    with running(node(folder, "service.mjs"), port, folder, env):
        yield


@contextmanager
def oauth4webapi(stage: Stage, port: int, folder: Path) -> Iterator[None]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    here = Here(stage, f"http://localhost:{port}", keys)
    here.register("oauth4webapi")
    (folder / "worker.mjs").write_text(here.snippet("oauth4webapi", "js"))
    env = trusting(stage, PRIVATE_KEY=json.dumps(key.as_dict(private=True)))
    command = node(folder, str(PACKAGES / "serve.mjs"), "worker.mjs", str(port))
    with running(command, port, folder, env):
        yield


@pytest.mark.parametrize("start", [authlib, openid_client, oauth4webapi])
def test_a_service_signs_in_reads_and_signs_out(start: Start, stage: Stage, tmp_path: Path) -> None:
    port = free_port()
    service = f"http://localhost:{port}"
    with start(stage, port, tmp_path), stage.person() as person:
        before = person.go(f"{service}/")
        signed_in = through(person, person.go(f"{service}/login"))
        signed_out = person.go(f"{service}/logout")
        again = person.go(f"{service}/login")

    assert before.text == "Hello, stranger"
    assert (signed_in.url, signed_in.text) == (f"{service}/", f"Hello, {NAME}")
    assert signed_out.url.partition("?")[0] == f"{service}/", "Authlib comes back with a state"
    assert signed_out.text == "Hello, stranger"
    assert again.place[1] == "/sign-in", "the session has ended at the provider too"


@contextmanager
def page_at(folder: Path, port: int) -> Iterator[None]:
    files = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", port), files) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


@pytest.mark.protocol(119)
def test_a_page_alone_signs_in_reads_and_signs_out(stage: Stage, tmp_path: Path) -> None:
    """In Chromium: what a page may read of another origin, only a browser judges."""
    port = free_port()
    here = Here(stage, f"http://localhost:{port}")
    here.register("oidc-client-ts")
    node(tmp_path)
    library = PACKAGES / "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"
    (tmp_path / library.name).write_bytes(library.read_bytes())
    (tmp_path / "index.html").write_text(here.snippet("oidc-client-ts", "html"))
    with page_at(tmp_path, port), open_browser() as chromium:
        page = chromium.new_page(locale="en-GB", ignore_https_errors=True)
        page.goto(here.service)
        page.click("#login")
        page.fill("input[name=identifier]", MINH_ANH["identifier"])
        page.fill("input[name=password]", MINH_ANH["password"])
        page.click("button[name=action][value=password]")
        page.click("button[name=decision][value=share]")
        expect(page.locator("#who")).to_have_text(f"Hello, {NAME}")
        page.click("#logout")
        expect(page.locator("#who")).to_have_text("Hello, stranger")
        assert page.url == f"{here.service}/"


def test_every_library_on_the_page_is_run() -> None:
    ran = {start.__name__.replace("_", "-") for start in (authlib, openid_client, oauth4webapi)}
    assert {*LIBRARIES} == {*ran, "oidc-client-ts", "mod_auth_openidc"}
    assert len(BLOCKS) == 2 * len(LIBRARIES)
