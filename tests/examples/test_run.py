"""``make run`` in an empty folder: everything starts, people get through, everything ends."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
import pytest

from examples.addresses import Ports
from examples.furnish import PEOPLE, furnish, is_prepared, source
from examples.portal import PORTAL
from examples.tax import TAX
from tests.examples.person import Page, Person
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
MINH_ANH, NOBODY, KHANH_NGOC, BAO, H_LAN, *_ = json.loads(PEOPLE.read_text("utf-8"))
SIGN_IN, SHARE, REFUSE = ("action", "password"), ("decision", "share"), ("decision", "refuse")


@dataclass
class Run:
    process: subprocess.Popen[str]
    folder: Path
    ports: Ports

    def url(self, name: str, path: str = "/") -> str:
        return self.ports.url(name) + path

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def begin(folder: Path, ports: Ports) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "examples.run"],
        cwd=folder,
        env={
            **{name: text for name, text in os.environ.items() if not name.startswith("MOTCUA_")},
            "DEMO_PORTS": ",".join(map(str, ports)),
            "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("ready"):
            return said
    raise AssertionError(said)


def new_ports() -> Ports:
    return Ports(*(free_port() for _ in Ports._fields))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One for the whole file; ended hard if a test left it running."""
    folder, ports = tmp_path_factory.mktemp("run"), new_ports()
    with begin(folder, ports) as process:
        try:
            until_ready(process)
            yield Run(process, folder, ports)
        finally:
            process.terminate()


@pytest.fixture
def person() -> Iterator[Person]:
    with Person() as someone:
        yield someone


def sign_in(person: Person, page: Page, who: dict[str, str]) -> Page:
    typed = {name: who[name] for name in ("identifier", "password")}
    return person.press(page, SIGN_IN, typed)


def arrive(person: Person, run: Run, agency: str, who: dict[str, str]) -> Page:
    """Signed in and shared everything, whatever of it was done before."""
    page = person.go(run.url(agency, "/login"))
    if page.place[1] == "/sign-in":
        page = sign_in(person, page, who)
    if page.place[1] == "/decide":
        page = person.press(page, SHARE, pick=True)
    assert page.place == (getattr(run.ports, agency), "/")
    return page


def test_a_person_is_known_everywhere_after_one_sign_in(run: Run, person: Person) -> None:
    page = person.go(run.url("portal", "/login"))
    assert page.place == (run.ports.provider, "/sign-in")

    page = sign_in(person, page, MINH_ANH)
    assert page.place == (run.ports.provider, "/decide")

    page = person.press(page, SHARE, pick=True)
    assert page.place == (run.ports.portal, "/")
    assert "Nguyễn Minh Anh" in page.text
    assert "3 fields filled, 0 typed" in page.text

    for language, words in (("vi", "theo sự đồng ý của bạn"), ("en", "as you allowed")):
        page = person.go(run.url("portal", f"/?lang={language}"))
        assert words in page.text
        assert f'<a href="{run.url("provider", "/account")}">' in page.answer.text

    page = person.go(run.url("tax", "/login"))
    assert page.place == (run.ports.provider, "/decide")

    page = person.press(page, SHARE, pick=True)
    assert page.place == (run.ports.tax, "/")
    assert "7 fields filled, 0 typed" in page.text
    assert MINH_ANH["identifier"] in page.text
    assert MINH_ANH["email"] in page.text


def test_a_second_visit_asks_nothing(run: Run, person: Person) -> None:
    arrive(person, run, "portal", KHANH_NGOC)
    with Person() as same:
        page = sign_in(same, same.go(run.url("portal", "/login")), KHANH_NGOC)
        assert page.place == (run.ports.portal, "/")


def test_who_does_not_share_is_told_that_nothing_was_received(run: Run, person: Person) -> None:
    page = sign_in(person, person.go(run.url("tax", "/login")), NOBODY)
    page = person.press(page, REFUSE)

    assert page.place == (run.ports.tax, "/callback")
    assert page.answer.status_code == 403
    assert 'data-error="access_denied"' in page.answer.text


def test_what_no_register_holds_is_left_open(run: Run, person: Person) -> None:
    page = sign_in(person, person.go(run.url("portal", "/login")), NOBODY)
    page = person.press(page, SHARE, pick=True)
    assert "0 fields filled, 0 typed, 3 left open" in page.text


def test_a_code_is_good_once_and_for_one_browser(run: Run, person: Person) -> None:
    arrive(person, run, "portal", KHANH_NGOC)
    issuer = run.ports.url("provider")
    page = person.go(run.url("portal", f"/callback?code=c&state=s&iss={issuer}"))
    assert page.answer.status_code == 400
    assert 'data-error="mismatching_state"' in page.answer.text


def test_an_answer_from_another_provider_is_refused(run: Run, person: Person) -> None:
    page = person.go(run.url("portal", "/callback?code=c&state=s&iss=http://other.example"))
    assert page.answer.status_code == 400
    assert 'data-error="failed"' in page.answer.text


def test_signing_out_ends_what_the_agency_may_see(run: Run, person: Person) -> None:
    arrive(person, run, "portal", KHANH_NGOC)
    arrive(person, run, "tax", KHANH_NGOC)
    assert person.go(run.url("tax", "/refresh")).place == (run.ports.tax, "/")

    page = person.go(run.url("portal", "/logout"))
    if page.place[0] == run.ports.provider:
        page = person.press(page, ("logout", "yes"))

    page = person.go(run.url("tax", "/refresh"))
    heard = TAX.leads["en"] in page.answer.text  # of it, before it asked again
    assert heard or (page.answer.status_code == 403 and 'data-error="stopped"' in page.answer.text)
    assert TAX.leads["en"] in person.go(run.url("tax")).text
    assert PORTAL.leads["en"] in person.go(run.url("portal")).text


def test_what_was_stopped_is_refused_to_that_agency_alone(run: Run, person: Person) -> None:
    arrive(person, run, "portal", BAO)
    arrive(person, run, "tax", BAO)

    page = person.go(run.url("provider", "/account/services"))
    page = person.go(page.link(f"Stop everything with the {TAX.names['en']}"))
    person.press(page, ("stop", "yes"))

    page = person.go(run.url("tax", "/refresh"))
    assert page.answer.status_code == 403
    assert 'data-error="stopped"' in page.answer.text
    assert "Trần Quốc Bảo" not in person.go(run.url("tax")).text
    assert "Trần Quốc Bảo" in person.go(run.url("portal", "/refresh")).text


def test_a_register_that_is_down_is_asked_again_later(run: Run, person: Person) -> None:
    faults = run.url("registers", "/faults")
    httpx2.post(faults, json={"mode": "down"}, trust_env=False)
    assert "0 fields filled" in arrive(person, run, "portal", H_LAN).text

    httpx2.post(faults, json={"mode": "none"}, trust_env=False)
    page = person.go(run.url("portal", "/refresh"))
    assert "3 fields filled" in page.text
    assert "Kpă H'Lan" in page.text


def test_secrets_are_readable_by_nobody_else(run: Run) -> None:
    files = [run.folder / "motcua.env", run.folder / "data" / "key-encryption-key"]
    files += [
        run.folder / "data" / "demonstration" / name for name in ("portal-secret", "tax-key.pem")
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_no_secret_of_an_agency_lies_in_its_registration(run: Run) -> None:
    folder = run.folder / "data" / "demonstration"
    registration = (folder / "agencies.toml").read_text("utf-8")
    assert (folder / "portal-secret").read_text("utf-8") not in registration
    assert "$" not in registration


def test_a_port_that_is_taken_is_named(run: Run, tmp_path: Path) -> None:
    ports = new_ports()._replace(tax=run.ports.tax)
    with begin(tmp_path, ports) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Port {run.ports.tax}, for tax, is taken" in said
    assert len(said.splitlines()) == 1


def test_a_real_provider_is_left_alone(tmp_path: Path) -> None:
    text = "MOTCUA_ISSUER=https://id.gov.example\nMOTCUA_KEY_ENCRYPTION_KEY_FILE=key\n"
    (tmp_path / "motcua.env").write_text(text)
    with begin(tmp_path, new_ports()) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "is not a demonstration's" in said
    assert [path.name for path in tmp_path.iterdir()] == ["motcua.env"]


def test_it_ends_on_ctrl_c_and_starts_again_with_what_it_made(tmp_path: Path) -> None:
    ports = new_ports()
    with begin(tmp_path, ports) as process:
        said = until_ready(process)
        run = Run(process, tmp_path, ports)
        with Person() as person:
            arrive(person, run, "portal", MINH_ANH)
        ended(run, lambda: process.send_signal(signal.SIGINT))
    assert process.returncode == 0
    assert all(who["identifier"] in said for who in (MINH_ANH, NOBODY))
    before = (tmp_path / "motcua.env").read_text("utf-8")
    prepared = (tmp_path / "data" / "demonstration" / "prepared").stat().st_mtime_ns

    with begin(tmp_path, ports) as process:
        until_ready(process)
        run = Run(process, tmp_path, ports)
        with Person() as person:
            page = sign_in(person, person.go(run.url("portal", "/login")), MINH_ANH)
            assert page.place == (ports.portal, "/")
        ended(run, process.kill)
    assert (tmp_path / "motcua.env").read_text("utf-8") == before
    again = (tmp_path / "data" / "demonstration" / "prepared").stat().st_mtime_ns
    assert again == prepared, "what is so already is not done again"


def test_it_is_prepared_again_for_a_new_database_or_another_registration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = furnish(new_ports())
    assert not is_prepared(made), "it never was"
    made.prepared.write_text(source(made))
    assert not is_prepared(made), "the database is gone"
    made.settings.database_path().touch()
    assert is_prepared(made)
    made.registration.write_text("another")
    assert not is_prepared(made)


def ended(run: Run, how: Callable[[], None]) -> None:
    """No process is left, however it ends."""
    children = run.children()
    assert len(children) >= 4
    how()
    run.process.wait(timeout=60)
    _gone, left = psutil.wait_procs(children, timeout=60)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert not left
