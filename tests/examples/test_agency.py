"""The agencies' own pages, and what they say when signing in goes wrong."""

import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from authlib.integrations.base_client.errors import (  # type: ignore[import-untyped]  # Authlib has no types
    InvalidTokenError,
    MismatchingStateError,
    OAuthError,
)
from httpx2 import (
    ASGITransport,
    AsyncClient,
    ConnectError,
    HTTPStatusError,
    Request,
    Response,
)
from joserfc.errors import DecodeError
from joserfc.jwk import ECKey

import examples.agency
from examples.agency.app import create, reason
from examples.agency.fields import Filled, filled
from examples.agency.model import Agency, Registration
from examples.agency.texts import TOLD, WORDS
from examples.agency.visits import MOST, Visit, Visits
from examples.portal import PORTAL
from examples.tax import TAX
from tests.ports import free_port

pytestmark = pytest.mark.anyio

BASE = "http://localhost:8001"
TEMPLATES = Path(examples.agency.__file__).parent / "templates"
TEMPLATE = Path(__file__).parent.parent.parent / "examples" / "agencies.toml"


@asynccontextmanager
async def browser(agency: Agency) -> AsyncIterator[AsyncClient]:
    """At an agency whose provider does not answer."""
    nowhere = f"http://localhost:{free_port()}"
    key = ECKey.generate_key("P-256")
    app = create(agency, Registration(BASE, nowhere, key if agency is TAX else "secret"))
    async with AsyncClient(transport=ASGITransport(app), base_url=BASE) as http:
        yield http


@pytest.mark.parametrize("agency", [PORTAL, TAX], ids=lambda agency: agency.client_id)
async def test_a_home_page_leads_to_signing_in(agency: Agency) -> None:
    async with browser(agency) as http:
        answer = await http.get("/", headers={"Accept-Language": "en-US,en;q=0.9"})

    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert agency.headings["en"] in answer.text
    assert 'href="/login"' in answer.text


@pytest.mark.parametrize("agency", [PORTAL, TAX], ids=lambda agency: agency.client_id)
async def test_the_pages_that_it_registers_are_there(agency: Agency) -> None:
    """The provider links to them where people sign in and decide."""
    registered = tomllib.loads(TEMPLATE.read_text("utf-8"))["client"]
    [client] = [it for it in registered if it["client_id"] == agency.client_id]
    async with browser(agency) as http:
        for member, heading in (("policy_uri", "Privacy policy"), ("tos_uri", "Terms of use")):
            page = await http.get(
                client[member].partition("_URL")[2], headers={"Accept-Language": "en"}
            )
            assert page.status_code == 200
            assert f"<h1>{heading}</h1>" in page.text


async def test_pages_run_no_script_and_fit_in_no_frame() -> None:
    async with browser(PORTAL) as http:
        answer = await http.get("/")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("liked", "language"),
    [("", "vi"), ("vi", "vi"), ("en-GB", "en"), ("fr, en;q=0.5", "en"), ("fr", "vi")],
)
async def test_the_browser_says_which_language(liked: str, language: str) -> None:
    async with browser(PORTAL) as http:
        answer = await http.get("/", headers={"Accept-Language": liked})
    assert f'<html lang="{language}">' in answer.text


async def test_a_language_that_was_chosen_stays() -> None:
    async with browser(PORTAL) as http:
        await http.get("/?lang=vi")
        answer = await http.get("/", headers={"Accept-Language": "en"})
        unknown = await http.get("/?lang=xx")
    assert '<html lang="vi">' in answer.text
    assert '<html lang="vi">' in unknown.text


@pytest.mark.parametrize("agency", [PORTAL, TAX], ids=lambda agency: agency.client_id)
async def test_each_agency_names_its_own_cookie(agency: Agency) -> None:
    async with browser(agency) as http:
        answer = await http.get("/?lang=en")
    assert answer.headers["set-cookie"].startswith(f"{agency.client_id}_session=")
    assert "httponly" in answer.headers["set-cookie"]


async def test_a_slash_too_many_leads_nowhere() -> None:
    async with browser(PORTAL) as http:
        for path in ("/login/", "/callback/?code=c", "/refresh/"):
            answer = await http.get(path, headers={"Host": "evil.example"})
            assert (answer.status_code, "location" in answer.headers) == (404, False)


def is_told(answer: Response, what: str) -> bool:
    return answer.status_code == TOLD[what].status and f'data-error="{what}"' in answer.text


@pytest.mark.parametrize("path", ["/login", "/callback?code=c&state=s"])
async def test_a_provider_that_does_not_answer_is_a_page(path: str) -> None:
    async with browser(TAX) as http:
        assert is_told(await http.get(path), "unreachable")


def answered(status: int) -> HTTPStatusError:
    request = Request("GET", "https://id.example/userinfo")
    return HTTPStatusError("", request=request, response=Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "page"),
    [
        (OAuthError("access_denied"), "access_denied"),
        (OAuthError("invalid_grant"), "failed"),
        (OAuthError("signed_out"), "failed"),
        (InvalidTokenError(), "token_invalid"),
        (MismatchingStateError(), "mismatching_state"),
        (DecodeError(), "failed"),
        (answered(401), "stopped"),
        (answered(503), "unreachable"),
        (ConnectError(""), "unreachable"),
    ],
    ids=repr,
)
def test_whatever_goes_wrong_has_a_page(error: Exception, page: str) -> None:
    assert reason(error) == page
    assert page in TOLD


@pytest.mark.protocol(22)
async def test_who_is_sent_here_to_sign_in_elsewhere_is_told_so() -> None:
    """OpenID Connect Core section 4: the issuer is looked at, the target is never gone to."""
    async with browser(PORTAL) as http:
        sent = {"iss": "https://evil.example", "target_link_uri": "https://evil.example/"}
        answer = await http.get("/login", params=sent)
    assert answer.status_code == 400
    assert 'data-error="failed"' in answer.text
    assert "evil" not in answer.text


@pytest.mark.parametrize("path", ["/refresh", "/logout"])
async def test_who_is_not_signed_in_is_sent_home(path: str) -> None:
    async with browser(PORTAL) as http:
        answer = await http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_form_is_filled_with_what_was_received() -> None:
    claims = {
        "name": "Kpă H'Lan",
        "nid:personal_id_number": "097303000466",
        "nid:address_permanent": {"street_address": "7 Lê Lợi", "region": "Gia Lai"},
        "email": "",
    }
    assert filled(TAX.fields, claims, "en") == (
        Filled("Full name", "Kpă H'Lan"),
        Filled("Personal number", "097303000466"),
        Filled("House and street", "7 Lê Lợi"),
        Filled("Commune or ward", None),
        Filled("Province or city", "Gia Lai"),
        Filled("Phone number", None),
        Filled("E-mail address", None),
    )


def test_values_are_written_as_people_write_them() -> None:
    claims = {"name": "A", "birthdate": "1990-03-05", "gender": "female"}
    assert [field.value for field in filled(PORTAL.fields, claims, "vi")] == [
        "A",
        "05/03/1990",
        "Nữ",
    ]
    assert [field.value for field in filled(PORTAL.fields, claims, "en")] == [
        "A",
        "5 March 1990",
        "Female",
    ]


@pytest.mark.parametrize("address", ["a string", 7, None, []])
def test_a_value_of_another_shape_is_not_received(address: object) -> None:
    fields = filled(TAX.fields, {"nid:address_permanent": address}, "en")
    assert {field.value for field in fields} == {None}


def test_the_oldest_visit_ends_when_there_are_too_many() -> None:
    visits = Visits()
    names = [visits.begin(Visit({}, {})) for _ in range(MOST + 1)]
    assert visits.find(names[0]) is None
    assert visits.find(names[1]) is not None


def sentences() -> list[str]:
    """Everything the agencies say: on their pages, and on the provider's through their purposes."""
    texts = [*WORDS.values()]
    for page in TOLD.values():
        texts += [page.heading, page.text, page.again]
    said = [text for translations in texts for text in translations.values()]
    for purpose in tomllib.loads(TEMPLATE.read_text("utf-8"))["purpose"]:
        for name in ("titles", "descriptions", "data_life", "refusal"):
            said += purpose[name].values()
        said += [text for cell in purpose["cells"] for text in cell["why"].values()]
    return [part for text in said for part in text.split(".") if part]


@pytest.mark.parametrize("sentence", sentences())
def test_a_sentence_has_twenty_words_at_most(sentence: str) -> None:
    assert len(sentence.split()) <= 20


def test_every_word_is_said_on_some_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in TEMPLATES.glob("*.html"))
    assert set(re.findall(r"words\.(\w+)", pages)) == WORDS.keys()


def test_agencies_say_the_same_things_in_both_languages() -> None:
    pages = [text for page in TOLD.values() for text in (page.heading, page.text, page.again)]
    agencies = [text for agency in (PORTAL, TAX) for text in (agency.names, agency.leads)]
    for texts in (*WORDS.values(), *pages, *agencies):
        assert texts.keys() == {"vi", "en"}
