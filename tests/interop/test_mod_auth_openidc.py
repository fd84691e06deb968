"""mod_auth_openidc, which others wrote: what docs/integrate.md shows of it, and more."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from keys.secrets import new_secret
from tests.examples.person import Page, Person
from tests.interop.apache import apache, service
from tests.interop.snippets import Here
from tests.interop.stage import NAME, Stage, through
from tests.ports import free_port
from tests.servers import wait_until

FRAMED = {  # what the page says of a provider that cannot call Apache
    "my-apache": "my-apache-in-a-frame",
    "--backchannel-logout-uri": "--frontchannel-logout-uri",
    "logout=backchannel": "logout=get",
}
FRAME = re.compile(r'<iframe [^>]*src="([^"]+)"')


@pytest.fixture(scope="module")
def hosts(stage: Stage) -> Iterator[tuple[Here, Here]]:
    """One Apache, twice in front of a service that greets; the second time it is told in frames."""
    called, framed = free_port(), free_port()
    here = Here(stage, f"https://localhost:{called}")
    there = Here(stage, f"https://localhost:{framed}", instead=FRAMED)
    with service() as behind:
        said = {called: directives(here, behind), framed: directives(there, behind)}
        with apache(stage, said, SESSION_KEY=new_secret()):
            yield here, there


def directives(here: Here, behind: int) -> str:
    secret = here.register("mod_auth_openidc")["client_secret"]
    said = here.snippet("mod_auth_openidc", "apache").replace(":8080/", f":{behind}/")
    return said.replace("${CLIENT_SECRET}", secret)


@pytest.fixture
def here(hosts: tuple[Here, Here]) -> Here:
    return hosts[0]


def enter(person: Person, here: Here) -> Page:
    """Ask for the service; sign in as far as needed. The way back is a form that posts itself."""
    page = through(person, person.go(f"{here.service}/"))
    return person.send(page) if page.url.startswith(here.stage.issuer) else page


@pytest.mark.protocol(39)
def test_it_signs_in_by_a_posted_form(here: Here) -> None:
    with here.stage.person() as person:
        page = enter(person, here)
    assert (page.url, page.text) == (f"{here.service}/", f"Hello, {NAME}")


@pytest.mark.protocol(92, 96)
def test_signing_out_there_signs_out_here(here: Here) -> None:
    with here.stage.person() as person:
        enter(person, here)
        back = quote(f"{here.service}/goodbye", safe="")
        out = person.go(f"{here.service}/callback?logout={back}")
        again = person.go(f"{here.service}/")
    assert out.url == f"{here.service}/goodbye"
    assert again.place[1] == "/sign-in"


@pytest.mark.protocol(88)
def test_signing_out_here_signs_out_there(here: Here) -> None:
    with here.stage.person() as person:
        enter(person, here)
        page = person.go(f"{here.stage.issuer}/sign-out")
        person.press(page, ("logout", "yes"))
        wait_until(lambda: person.go(f"{here.service}/").place[1] == "/sign-in")


@pytest.mark.protocol(90)
def test_signing_out_here_signs_out_there_in_a_frame(hosts: tuple[Here, Here]) -> None:
    """The frame has no cookie, as where browsers keep those of third parties back: ``sid`` does."""
    there = hosts[1]
    with there.stage.person() as person, there.stage.http() as frame:
        before = enter(person, there)
        page = person.go(f"{there.stage.issuer}/sign-out")
        page = person.press(page, ("logout", "yes"))
        [address] = map(unescape, FRAME.findall(page.answer.text))
        still = person.go(f"{there.service}/")
        told = frame.get(address)
        after = person.go(f"{there.service}/")

    assert before.text == still.text == f"Hello, {NAME}"
    assert address.startswith(f"{there.service}/callback?logout=get&")
    assert parse_qs(urlsplit(address).query).keys() == {"logout", "iss", "sid"}
    assert told.status_code == 200
    assert after.place[1] == "/sign-in"
