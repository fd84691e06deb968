"""What a client may show on the web, and where a browser tells it of a sign-out.

OpenID Connect Front-Channel Logout section 2.
"""

from typing import Any

import pytest

from clients.registration import parse
from clients.rules import faults
from tests.clients.samples import NATIVE, client

OUT = "https://portal.gov.example/out"


@pytest.mark.protocol(90)
@pytest.mark.parametrize(
    "changes",
    [
        {"frontchannel_logout_uri": OUT},
        {"frontchannel_logout_uri": OUT + "?from=id", "frontchannel_logout_session_required": True},
        {"frontchannel_logout_uri": "https://portal.gov.example:443/"},
        {
            "redirect_uris": ("https://a.example/cb", "https://b.example:8443/cb"),
            "frontchannel_logout_uri": "https://b.example:8443/out",
        },
    ],
)
def test_a_browser_tells_a_server_to_which_people_are_sent_back(changes: dict[str, Any]) -> None:
    assert faults(client(**changes), demonstration=False) == ()


SERVER = "frontchannel_logout_uri: it has the scheme, host and port of a redirect URI."


@pytest.mark.protocol(90)
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frontchannel_logout_uri": "https://tax.gov.example/out"}, SERVER),
        ({"frontchannel_logout_uri": "https://portal.gov.example:8443/out"}, SERVER),
        ({"frontchannel_logout_uri": "https://portal.gov.example.evil.example/"}, SERVER),
        ({**NATIVE, "redirect_uris": ("vn.gov.x:/cb",), "frontchannel_logout_uri": OUT}, SERVER),
        ({"frontchannel_logout_uri": "http://portal.gov.example/out"}, "it must begin with https"),
        ({"frontchannel_logout_uri": OUT + "#x"}, "must not have a fragment"),
        ({"frontchannel_logout_uri": "javascript:alert(1)"}, "it must begin with https"),
        ({"frontchannel_logout_session_required": True}, "needs frontchannel_logout_uri"),
    ],
)
def test_it_tells_nobody_else(changes: dict[str, Any], said: str) -> None:
    assert any(said in fault for fault in faults(client(**changes), demonstration=False))


@pytest.mark.protocol(22, 24)
@pytest.mark.parametrize(
    ("field", "uri"),
    [
        ("initiate_login_uri", "https://portal.gov.example/login?x=1"),
        ("client_uri", "https://elsewhere.example/"),
        ("logo_uri", "https://elsewhere.example/logo.svg"),
        ("policy_uri", "https://elsewhere.example/policy"),
        ("tos_uri", "https://elsewhere.example/terms"),
    ],
)
def test_its_pages_are_https(field: str, uri: str) -> None:
    assert faults(client(**{field: uri}), demonstration=False) == ()
    for bad in ("http:" + uri.removeprefix("https:"), "javascript:alert(1)", "data:text/html,x"):
        [fault] = [
            it for it in faults(client(**{field: bad}), demonstration=False) if "begin" in it
        ]
        assert fault.startswith(f"{field}: it must begin with https://")


@pytest.mark.protocol(22)
def test_people_begin_to_sign_in_where_they_are_sent_back() -> None:
    [fault] = faults(client(initiate_login_uri="https://evil.example/"), demonstration=False)
    assert fault == "initiate_login_uri: it has the scheme, host and port of a redirect URI."


def test_no_registration_says_what_was_approved() -> None:
    said = b"""
[[agency]]
agency_id = "trade"
domain = "shop.example"
names = { en = "Trade" }
[[client]]
client_id = "shop"
client_name = "Shop"
agency_id = "trade"
redirect_uris = ["https://shop.example/cb"]
token_endpoint_auth_method = "none"
logo = "0123"
"""
    assert parse(said, demonstration=False).faults == (
        "client shop: logo is approved with `motcua clients logo`.",
    )
