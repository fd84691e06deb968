"""The registration file becomes values, or a list of all that is wrong, and repeats no value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.registration import Registration, parse

FILE = """
[[agency]]
agency_id = "tax-department"
domain = "tax.gov.example"
[agency.names]
vi = "Cục Thuế"
en = "Tax Department"

[[client]]
client_id = "tax"
agency_id = "tax-department"
purpose_id = "income-tax-refund"
client_name = "Income tax refund"
redirect_uris = ["https://tax.gov.example/callback"]
token_endpoint_auth_method = "none"
grant_types = ["authorization_code"]
[client.client_names]
vi = "Hoàn thuế"

[[purpose]]
purpose_id = "income-tax-refund"
anything = ["that", "consent", "knows"]
"""


def read(text: str) -> Registration:
    return parse(text.encode(), demonstration=False)


def changed(old: str, new: str) -> tuple[str, ...]:
    """The faults of the file after this change."""
    assert old in FILE
    return read(FILE.replace(old, new)).faults


def test_a_sound_file_becomes_values() -> None:
    registration = read(FILE)
    assert registration.faults == ()
    (agency,), (client,) = registration.agencies, registration.clients
    assert (agency.names["vi"], agency.domain) == ("Cục Thuế", "tax.gov.example")
    assert (client.client_id, client.agency_id) == ("tax", "tax-department")
    assert client.client_names["vi"] == "Hoàn thuế"
    assert registration.purposes[0]["anything"] == ["that", "consent", "knows"]


def test_an_empty_file_declares_nothing() -> None:
    assert read("") == Registration()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff", "The file is not UTF-8."),
        (b"a = ", "The file is not TOML: "),
        (b"a = " + b"[" * 100_000, "The file "),
        (b"[client]\nclient_id = 'a'", "client is written [[client]], in two brackets."),
        (b"agency = 1", "agency is written [[agency]], in two brackets."),
        (b"purpose = [1]", "purpose is written [[purpose]], in two brackets."),
        (b"[[clients]]", "The file has other tables than [[agency]], [[client]], [[purpose]]."),
    ],
    ids=range(7),
)
def test_a_file_of_another_shape_says_so(content: bytes, fault: str) -> None:
    registration = parse(content, demonstration=False)
    assert [said for said in registration.faults if said.startswith(fault)]
    assert registration.clients == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('client_id = "tax"', "", "client 1: client_id: Field required."),
        (
            'client_id = "tax"',
            "client_id = 5",
            "client 1: client_id: Input should be a valid string.",
        ),
        ('client_id = "tax"', 'client_id = "Tax"', "client 1: client_id is at most 40"),
        ('"none"', '"magic"', "client tax: token_endpoint_auth_method: Input should be 'none'"),
        ('["authorization_code"]', '[["password"]]', "client tax: grant_types.0: Input should be"),
        ('"tax-department"\npurpose', '"another"\npurpose', "client tax: agency_id names no sound"),
        ('"https://tax.gov', '"http://tax.gov', "client tax: redirect_uris, number 1: it must"),
        ("client_name =", "client_secret = 'hush'\nclient_name =", "write client_secret_digest."),
        ("client_name =", "hush = 1\nclient_name =", "client tax: it has a member that means noth"),
        (
            "client_name =",
            "domain = 'a.example'\nclient_name =",
            "domain belongs to its [[agency]]",
        ),
        ('"tax.gov.example"\n', '"tax"\n', "agency tax-department: domain is a host name"),
        (
            'en = "Tax Department"',
            "en = 1979-05-27",
            "agency tax-department: names.en: Input should",
        ),
        (
            "client_name =",
            "jwks = [{kty = 1979-05-27}]\nclient_name =",
            "client tax: jwks: A key is",
        ),
        ('redirect_uris = ["', 'redirect_uris = "', "The file is not TOML"),
        (
            '"https://tax.gov.example/callback"]\ntoken',
            '"http://localhost:1/cb"]\ntoken',
            "number 1: it must begin with https://",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, fault: str) -> None:
    found = changed(old, new)
    assert [said for said in found if fault in said], found


def test_no_value_is_repeated() -> None:
    for member in ("client_secret", "client_name", "redirect_uris", "default_max_age", "other"):
        found = changed('client_name = "Income tax refund"', f'{member} = "hush-hush\\u0000"')
        assert found
        assert "hush-hush" not in "".join(found)


def test_names_are_there_once() -> None:
    twice = FILE + FILE.replace("[[purpose]]", "[[purpose]] # again")
    assert read(twice).faults == (
        "agency tax-department: is there twice.",
        "client tax: is there twice.",
    )


def test_the_demonstration_may_live_on_loopback() -> None:
    local = FILE.replace("https://tax.gov.example/callback", "http://localhost:8002/callback")
    assert read(local).faults != ()
    assert parse(local.encode(), demonstration=True).faults == ()


@given(st.binary())
def test_any_octets_are_values_or_faults(content: bytes) -> None:
    parse(content, demonstration=False)


VALUES = st.recursive(
    st.sampled_from(["1", "1.5", "nan", "true", '"x"', "1979-05-27", '"\\u0000"']),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda some: f"[{', '.join(some)}]")
        | inner.map(lambda one: f"{{kty = {one}}}")
    ),
    max_leaves=4,
)
MEMBERS = ["client_id", "client_name", "agency_id", "jwks", "redirect_uris", "scope", "domain"]
MEMBERS += ["client_names", "grant_types", "default_max_age", "purpose_id", "require_pkce"]


@given(st.dictionaries(st.sampled_from(MEMBERS), VALUES))
def test_any_values_of_any_kind_are_faults(members: dict[str, str]) -> None:
    lines = "\n".join(f"{name} = {value}" for name, value in members.items())
    assert read(f"[[client]]\n{lines}\n[[agency]]\n{lines}").faults
