"""OpenID Connect Core section 5.5: the ``claims`` parameter."""

import pytest

from oidc.claims import LONGEST, AskedClaims, parse
from oidc.errors import InvalidRequest

pytestmark = pytest.mark.protocol(64)
ONE, TWO = "urn:nid:acr:1", "urn:nid:acr:2"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (None, AskedClaims()),
        ("{}", AskedClaims()),
        ('{"userinfo": null, "id_token": null, "else": 7}', AskedClaims()),
        (
            '{"userinfo": {"name": null, "email": {}, "phone_number": {"essential": true}}}',
            AskedClaims(userinfo=frozenset({"name", "email", "phone_number"})),
        ),
        (
            '{"userinfo": {"gender": {"value": "x"}, "http://example/odd": null}}',
            AskedClaims(userinfo=frozenset({"gender", "http://example/odd"})),
        ),
        (
            '{"userinfo": {"name#vi": null, "website#zh-Hant": {"essential": true}, "#": null}}',
            AskedClaims(userinfo=frozenset({"name", "website", ""})),
        ),
        (
            '{"userinfo": {"odd": {"value": [[[[1]]]], "else": 7}}}',
            AskedClaims(userinfo=frozenset({"odd"})),
        ),
        ('{"id_token": {"name": null, "auth_time": {"essential": true}}}', AskedClaims()),
        (f'{{"id_token": {{"acr": {{"values": ["{TWO}"]}}}}}}', AskedClaims(acr_wished=(TWO,))),
        (
            f'{{"id_token": {{"acr": {{"essential": true, "values": ["{TWO}", "{ONE}"]}}}}}}',
            AskedClaims(acr_needed=frozenset({ONE, TWO})),
        ),
        (
            f'{{"id_token": {{"acr": {{"essential": true, "value": "{TWO}"}}}}}}',
            AskedClaims(acr_needed=frozenset({TWO})),
        ),
        ('{"id_token": {"acr": {"essential": true}}}', AskedClaims()),
        ('{"id_token": {"sub": {"value": "s-1"}}}', AskedClaims(subjects=frozenset({"s-1"}))),
        (
            '{"userinfo": {"sub": {"value": "s-1"}}}',
            AskedClaims(userinfo=frozenset({"sub"}), subjects=frozenset({"s-1"})),
        ),
        (
            '{"userinfo": {"sub": {"values": ["s-1", "s-2"]}}}',
            AskedClaims(userinfo=frozenset({"sub"}), subjects=frozenset({"s-1", "s-2"})),
        ),
        (
            '{"userinfo": {"sub": {"values": ["a", "b"]}}, "id_token": {"sub": {"value": "b"}}}',
            AskedClaims(userinfo=frozenset({"sub"}), subjects=frozenset({"b"})),
        ),
    ],
)
def test_what_is_asked(text: str | None, asked: AskedClaims) -> None:
    assert parse(text) == asked


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("{", "no JSON"),
        ("name", "no JSON"),
        ("[" * 60_000, "too long"),
        ("[" * 2_000, "no JSON"),
        ('{"userinfo": {"name": NaN}}', "no JSON"),
        ('{"id_token": {"sub": {"value": "\\ud800"}}}', "no JSON"),
        ('{"userinfo": {"odd": {"value": [[[[[[1]]]]]]}}}', "too deep"),
        ('{"else": ' + "[" * 900 + "]" * 900 + "}", "too deep"),
        ('{"userinfo": {"' + "x" * LONGEST + '": null}}', "too long"),
        ("[]", "no object"),
        ("7", "no object"),
        ('{"userinfo": []}', "userinfo is no object"),
        ('{"id_token": "acr"}', "id_token is no object"),
        ('{"userinfo": {"name": true}}', "neither null nor an object"),
        ('{"id_token": {"acr": {"values": "1"}}}', "no texts"),
        ('{"id_token": {"acr": {"value": 1}}}', "no texts"),
        ('{"id_token": {"sub": {"values": [null]}}}', "no texts"),
        ('{"userinfo": {"sub": {"value": 1}}}', "no texts"),
        (
            '{"userinfo": {"sub": {"value": "a"}}, "id_token": {"sub": {"value": "b"}}}',
            "different persons",
        ),
    ],
)
def test_what_is_malformed(text: str, detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail) as refused:
        parse(text)
    assert refused.value.public == "The claims parameter is malformed."
