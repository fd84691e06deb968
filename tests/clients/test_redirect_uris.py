"""Addresses are compared as they are written. protocol 29; RFC 8252 section 7."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.redirect_uris import fault, is_registered
from tests.clients.samples import NATIVE, PORTAL, client

KNOWN = "https://portal.gov.example/callback?a=b"
APP = client(
    **NATIVE,
    redirect_uris=("http://127.0.0.1/cb", "http://[::1]:8080/cb?x=y", "vn.gov.example:/cb"),
)
WEB = client(redirect_uris=(KNOWN, "http://127.0.0.1:8001/cb"))


def test_what_is_registered_is_registered() -> None:
    assert is_registered(KNOWN, WEB)
    assert is_registered("http://127.0.0.1:8001/cb", WEB)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://portal.gov.example/callback",
        KNOWN + "&c=d",
        KNOWN + "#",
        KNOWN + "/",
        KNOWN + " ",
        KNOWN + "\n",
        KNOWN.replace("https", "http"),
        KNOWN.replace("https", "HTTPS"),
        KNOWN.replace("portal", "PORTAL"),
        KNOWN.replace("portal", "portal%2e"),
        KNOWN.replace(".example", ".example:443"),
        KNOWN.replace(".example", ".example."),
        KNOWN.replace("https://", "https://user@"),
        KNOWN.replace("/callback", "/./callback"),
        KNOWN.replace("/callback", "/x/../callback"),
        KNOWN.replace("/callback", "/callbac%6b"),
        KNOWN.replace("/callback", "\\callback"),
        "https://portal.gov.example.evil.example/callback?a=b",
        "https://evil.example/https://portal.gov.example/callback?a=b",
        "//portal.gov.example/callback?a=b",
        "http://127.0.0.1:8002/cb",
        "http://127.0.0.1/cb",
        "javascript:alert(1)",
    ],
)
def test_whatever_differs_in_any_letter_is_not(uri: str) -> None:
    assert not is_registered(uri, WEB)


@given(st.text())
def test_no_text_but_the_registered_is_registered(uri: str) -> None:
    assert not is_registered(KNOWN + uri, WEB) or uri == ""


@pytest.mark.parametrize(
    "uri",
    [
        *("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", "vn.gov.example:/cb"),
        *("http://[::1]/cb?x=y", "http://[::1]:9/cb?x=y"),
    ],
)
def test_the_port_of_a_native_application_is_free(uri: str) -> None:
    assert is_registered(uri, APP)


@pytest.mark.parametrize(
    "uri",
    [
        *("http://127.0.0.1:49152/cb2", "http://127.0.0.1:49152", "http://127.0.0.1:49152/cb?x=y"),
        *("http://[::1]:9/cb", "http://localhost:9/cb", "https://127.0.0.1:9/cb"),
        *("http://127.0.0.1:9@evil.example/cb", "http://127.0.0.1.evil.example:9/cb"),
        *("http://127.0.0.1:/cb", "http://127.0.0.1:123456/cb", "http://127.0.0.1:\uff19/cb"),
        *("http://127.0.0.1:9/cb#x", "http://127.0.0.1:9/cb\n", "http://127.0.0.2:9/cb"),
        "vn.gov.example:9/cb",
    ],
)
def test_nothing_else_of_it_is(uri: str) -> None:
    assert not is_registered(uri, APP)


SOUND = ["https://portal.gov.example/cb", "https://a-b.example:8443/cb?x=y", "https://a.example"]
LOOPBACK = ["http://127.0.0.1:8001/cb", "http://[::1]/cb"]


@pytest.mark.parametrize("uri", SOUND)
def test_https_may_be_registered(uri: str) -> None:
    assert fault(uri, PORTAL, demonstration=False) is None


@pytest.mark.parametrize("uri", [*LOOPBACK, "http://localhost:8001/callback"])
def test_loopback_http_is_for_the_demonstration(uri: str) -> None:
    assert fault(uri, PORTAL, demonstration=True) is None
    assert fault(uri, PORTAL, demonstration=False) is not None


@pytest.mark.parametrize("uri", [*SOUND, *LOOPBACK, "vn.gov.example:/cb", "vn.gov.example.app:/"])
def test_a_native_application_has_its_machine_and_its_scheme(uri: str) -> None:
    assert fault(uri, APP, demonstration=False) is None


@pytest.mark.parametrize("demonstration", [True, False])
@pytest.mark.parametrize("of", [PORTAL, APP], ids=["web", "native"])
@pytest.mark.parametrize(
    "uri",
    [
        *("", "/cb", "portal.gov.example/cb", "//portal.gov.example/cb", "https://", "https:///cb"),
        *("http://portal.gov.example/cb", "http://127.0.0.1.evil.example/cb", "ftp://a.example/"),
        *("https://a.example/cb#", "https://a.example/cb#x", "https://user:pw@a.example/cb"),
        *("https://a.example/cb\n", "https://a.example/c b", "https://a.example/\u0000"),
        *("https://a.example/../cb", "https://a.example/./cb", "https://a.example\\cb"),
        *("https://A.example/cb", "https://á.example/cb", "https://a.example/" + "x" * 2000),
        *("javascript:alert(1)", "data:text/html,x", "myapp:/cb", "vn.gov.example", "a.b:c"),
        *("https://a.example/\ud800", "https://a.example:port/cb"),
    ],
)
def test_other_addresses_may_not(of: Any, uri: str, demonstration: bool) -> None:
    assert fault(uri, of, demonstration=demonstration) is not None


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("https://a.example/#", "must not have a fragment"),
        ("https://a.example/../b", "must not have . or .. in its path"),
        ("https://a.example/\n", "visible ASCII"),
        ("http://a.example/", "must begin with https://"),
    ],
)
def test_it_is_said_what_is_wrong_with_it(uri: str, why: str) -> None:
    assert why in str(fault(uri, PORTAL, demonstration=False))


def test_a_scheme_of_its_own_is_for_native_applications() -> None:
    assert fault("vn.gov.example:/cb", PORTAL, demonstration=True) is not None
    assert fault("http://localhost/cb", APP, demonstration=True) is not None
