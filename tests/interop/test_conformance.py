"""``make conformance``: the provider as the suite meets it, and its first module by hand."""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from html import unescape
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from httpx2 import Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from examples.conformance import journeys
from keys.secrets import new_secret
from tests.examples.person import Page, Person
from tests.interop.stage import Stage
from tests.servers import wait_until

CALLBACK = "https://localhost:8443/test/a/motcua/callback"
BUTTON = re.compile(r"//button\[@name='(\w+)'\]\[@value='(\w+)'\]")
ON = re.compile(r'<a [^>]*href="([^"]+)"[^>]* data-on>')  # where a script would go on to
EVERYTHING = "openid profile email address phone"


def led(page: Page) -> str:
    """Where the browser is once a script has sent the form of a posted answer."""
    if f'action="{CALLBACK}"' not in page.answer.text:
        return page.where
    return f"{CALLBACK}?{urlencode(page.alone.values)}"


@dataclass(frozen=True, slots=True)
class Suite:
    """What the suite does with what the program printed: with one configuration, in one module."""

    stage: Stage
    name: str = "secrets"
    module: str = ""

    @property
    def said(self) -> dict[str, Any]:
        said = dict(self.stage.printed["configurations"][self.name])
        return {**said, **said["override"].get(self.module, {})}

    def http(self) -> Client:
        return self.stage.http()

    def person(self) -> Person:
        return self.stage.person(home="https://localhost:8443/")

    def found(self) -> dict[str, Any]:
        with self.http() as http:
            return dict(http.get(self.said["server"]["discoveryUrl"]).json())

    def visit(self, person: Person, address: str) -> str:
        """By the tasks of the configuration, as the suite's own browser does; where it ends."""
        tasks = next(it["tasks"] for it in self.said["browser"] if fnmatch(address, it["match"]))
        page = person.go(address)
        for task in tasks:
            if fnmatch(led(page), task["match"]):
                page = self._do(person, page, task["commands"])
            else:
                assert task.get("optional"), (task["task"], page.where, page.text)
        on = ON.search(page.answer.text)
        return unescape(on[1]) if on else led(page)

    def _do(self, person: Person, page: Page, commands: list[list[Any]]) -> Page:
        typed: dict[str, str] = {}
        for verb, how, what, *rest in commands:
            if len(rest) == 3:
                assert re.search(rest[1], page.text), (rest, page.text)
                assert rest[2].startswith("update-image-placeholder")
            elif verb == "text" and f'id="{what}"' in page.answer.text:
                typed[what] = rest[0]
            elif verb == "text":
                assert rest[1:] == ["optional"], what
            elif verb == "click" and (button := BUTTON.fullmatch(what)):
                page = person.press(page, (button[1], button[2]), typed)
            elif verb == "click":
                assert [what, *rest] == ["//a[@data-on]", "optional"]
            else:
                assert (verb, how) in {("wait", "id"), ("wait", "xpath")}
        return page

    def code(self, person: Person, **asked: str) -> dict[str, str]:
        """What comes back to the suite's callback."""
        query = {
            "client_id": self.said["client"]["client_id"],
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "state": "any state",
            **asked,
        }
        arrived = self.visit(person, f"{self.found()['authorization_endpoint']}?{urlencode(query)}")
        assert arrived.startswith(f"{CALLBACK}?")
        return {name: value for name, [value] in parse_qs(urlsplit(arrived).query).items()}

    def tokens(self, code: str) -> dict[str, Any]:
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        client, found = self.said["client"], self.found()
        proof: dict[str, Any] = {"data": {**said, **assertion(client, found["issuer"])}}
        if "client_secret" in client:
            proof = {"data": said, "auth": (client["client_id"], client["client_secret"])}
        with self.http() as http:
            answer = http.post(found["token_endpoint"], **proof)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def id_token(self, tokens: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims, by the published keys."""
        with self.http() as http:
            keys = KeySet.import_key_set(http.get(self.found()["jwks_uri"]).json())
        token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
        return dict(token.header), dict(token.claims)


def statement(client: dict[str, Any], issuer: str) -> str:
    """Signed by the private key that the configuration holds."""
    [jwk] = client["jwks"]["keys"]
    now, name = int(time()), client["client_id"]
    claims = {"iss": name, "sub": name, "aud": issuer, "jti": new_secret(), "exp": now + 60}
    header = {"alg": jwk["alg"], "kid": jwk["kid"]}
    return jwt.encode(header, claims, ECKey.import_key(jwk), algorithms=["ES256"])


def assertion(client: dict[str, Any], issuer: str) -> dict[str, str]:
    """RFC 7523 section 2.2."""
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    signed = statement(client, issuer)
    return {"client_assertion": signed, "client_assertion_type": kind}


@pytest.fixture
def suite(stage: Stage) -> Suite:
    return Suite(stage)


def test_it_prints_every_plan_with_a_configuration_for_it(suite: Suite) -> None:
    printed = suite.stage.printed
    assert {re.split(r"-certification|\[", plan)[0] for plan in printed["plans"]} == {
        *("oidcc-config", "oidcc-basic", "oidcc-formpost-basic", "oidcc-dynamic"),
        *("oidcc-3rdparty-init-login", "oidcc-test-plan"),
        *(f"oidcc-{how}rp-initiated-logout" for how in ("", "backchannel-", "frontchannel-")),
    }
    said = {name: json.dumps(said) for name, said in printed["configurations"].items()}
    kept = {place: Path(place).read_text("utf-8") for place in printed["plans"].values()}
    assert {json.dumps(json.loads(text)) for text in kept.values()} == {*said.values()}
    clients = [suite.said[name] for name in ("client", "client2", "client_secret_post")]
    assert len({client["client_id"] for client in clients}) == 3
    assert len({client["client_secret"] for client in clients}) == 3


@pytest.mark.parametrize("name", ["secrets", "keys", "called", "framed"])
def test_the_first_client_of_each_configuration_is_known(stage: Stage, name: str) -> None:
    suite = Suite(stage, name)
    with suite.person() as person:
        tokens = suite.tokens(suite.code(person, scope="openid")["code"])
    assert suite.id_token(tokens)[1]["aud"] == suite.said["client"]["client_id"]


def test_the_first_module_of_the_basic_plan_passes(suite: Suite) -> None:
    """``oidcc-server``: discovery, code flow, ID token, userinfo; no PKCE anywhere."""
    with suite.person() as person:
        answer = suite.code(person, scope=EVERYTHING, nonce="any nonce")
    tokens = suite.tokens(answer["code"])
    header, claims = suite.id_token(tokens)
    with suite.http() as http:
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        known = http.get(suite.found()["userinfo_endpoint"], headers=bearer).json()

    assert answer.keys() == {"code", "state", "iss"}
    assert answer["state"] == "any state"
    assert answer["iss"] == claims["iss"] == suite.found()["issuer"]
    assert header["kid"]
    assert claims["aud"] == suite.said["client"]["client_id"]
    assert claims["nonce"] == "any nonce"
    assert known["sub"] == claims["sub"]
    assert {"name", "birthdate", "email", "address", "phone_number"} <= known.keys()


@pytest.mark.protocol(39)
def test_the_answers_of_the_form_post_plan_are_posted(suite: Suite) -> None:
    with suite.person() as person:
        refused = suite.code(person, scope="openid", response_mode="form_post", prompt="none")
        answer = suite.code(person, scope="openid", response_mode="form_post")
    assert refused["error"] == "login_required"
    assert suite.tokens(answer["code"])["id_token"]


@pytest.mark.protocol(34, 35)
def test_a_request_without_nonce_succeeds(suite: Suite) -> None:
    """``oidcc-ensure-request-without-nonce-succeeds-for-code-flow``."""
    with suite.person() as person:
        answer = suite.code(person, scope="openid")
    _, claims = suite.id_token(suite.tokens(answer["code"]))
    assert "nonce" not in claims


@pytest.mark.parametrize("module", ["oidcc-prompt-login", "oidcc-max-age-1"])
def test_who_must_sign_in_again_is_led_through_too(stage: Stage, module: str) -> None:
    """The page knows the person, and asks for the password alone."""
    suite = Suite(stage, module=module)
    with suite.person() as person:
        suite.code(person, scope="openid")
        answer = suite.code(person, scope="openid", prompt="login")
    assert "code" in answer


@pytest.mark.parametrize("module", journeys.NO_WAY_BACK)
def test_who_cannot_be_answered_sees_a_page_that_says_so(stage: Stage, module: str) -> None:
    suite = Suite(stage, module=module)
    asked = {"client_id": "suite-1", "response_type": "code", "redirect_uri": f"{CALLBACK}?a=b"}
    with suite.person() as person:
        ended = suite.visit(person, f"{stage.issuer}/authorize?{urlencode(asked)}")
    assert ended.startswith(f"{stage.issuer}/authorize?")


@pytest.mark.protocol(24)
@pytest.mark.parametrize("module", journeys.ON_THE_PAGE)
def test_what_a_client_registers_of_itself_is_read_on_the_page(stage: Stage, module: str) -> None:
    """But for the logo: a picture is shown once somebody here has approved it."""
    suite = Suite(stage, module=module)
    member = module.removeprefix(journeys.REGISTER).replace("-", "_")
    page = {member: f"https://localhost:8443/test/a/motcua/{member}"}
    with suite.http() as http, suite.person() as person:
        where = suite.found()["registration_endpoint"]
        made = http.post(where, json={"redirect_uris": [CALLBACK], **page}).json()
        asked = {
            "client_id": made["client_id"],
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid",
        }
        ended = suite.visit(person, f"{stage.issuer}/authorize?{urlencode(asked)}")
    assert urlsplit(ended).path == "/sign-in"


def test_signing_out_is_led_through(suite: Suite) -> None:
    """``oidcc-rp-initiated-logout``, with the way back."""
    with suite.person() as person:
        tokens = suite.tokens(suite.code(person, scope="openid")["code"])
        back = "https://localhost:8443/test/a/motcua/post_logout_redirect"
        said = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": back, "state": "x"}
        arrived = suite.visit(person, f"{suite.found()['end_session_endpoint']}?{urlencode(said)}")
    assert arrived == f"{back}?state=x"


def forged(hint: str) -> str:
    head, body, signature = hint.split(".")
    return f"{head}.{body}.{signature[:-4]}AAAA"


@pytest.mark.protocol(92, 93, 94, 95)
@pytest.mark.parametrize("module", [*journeys.NOT_OUT, *journeys.TO_OUR_PAGE])
def test_signing_out_in_other_ways_ends_where_it_must(stage: Stage, module: str) -> None:
    suite, case = Suite(stage, module=module), module.removeprefix(journeys.LEAVE)
    back = "https://localhost:8443/test/a/motcua/post_logout_redirect"
    with suite.person() as person:
        hint = suite.tokens(suite.code(person, scope="openid")["code"])["id_token"]
        good = {"id_token_hint": hint, "post_logout_redirect_uri": back, "state": "x"}
        said = {
            "bad-post-logout-redirect-uri": {**good, "post_logout_redirect_uri": f"{back}/else"},
            "query-added-to-post-logout-redirect-uri": {
                **good,
                "post_logout_redirect_uri": f"{back}?foo=bar",
            },
            "modified-id-token-hint": {**good, "id_token_hint": forged(hint)},
            "bad-id-token-hint": {**good, "id_token_hint": statement(suite.said["client"], "x")},
            "no-id-token-hint": {"post_logout_redirect_uri": back, "state": "x"},
            "no-params": {},
            "no-post-logout-redirect-uri": {"id_token_hint": hint, "state": "x"},
            "only-state": {"state": "x"},
        }[case]
        suite.visit(person, f"{stage.issuer}/end-session?{urlencode(said)}")
        silent = suite.code(person, scope="openid", prompt="none")
    gone = module in journeys.TO_OUR_PAGE
    assert silent.get("error") == ("login_required" if gone else None)


@pytest.mark.protocol(10)
def test_the_hook_rotates_the_signing_key(suite: Suite) -> None:
    """``oidcc-server-rotate-keys``: a new key in the set and in the tokens; the old one stays."""
    with suite.person() as person, suite.http() as http:
        old = suite.tokens(suite.code(person, scope="openid")["code"])
        before = http.get(suite.found()["jwks_uri"]).json()["keys"]
        assert http.post(suite.stage.printed["rotate"]).status_code == 200
        wait_until(lambda: len(http.get(suite.found()["jwks_uri"]).json()["keys"]) > len(before))
        new = suite.tokens(suite.code(person, scope="openid")["code"])
        after = http.get(suite.found()["jwks_uri"]).json()["keys"]
    kids = [{key["kid"] for key in keys} for keys in (before, after)]
    headers = [suite.id_token(tokens)[0] for tokens in (old, new)]
    assert kids[0] < kids[1]
    assert headers[0]["kid"] != headers[1]["kid"]
    assert headers[0]["kid"] in kids[0]
    assert headers[1]["kid"] in kids[1], "perhaps it was published before, to be known already"
