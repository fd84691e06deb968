"""Tokens are read strictly: RFC 7515 section 2, RFC 8725 section 2.4; rules J7 and J8."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.compact import LONGEST, BadToken, claims, decoded, encoded, json_object, parts


@given(st.binary())
def test_what_is_encoded_is_decoded(octets: bytes) -> None:
    assert decoded(encoded(octets).decode()) == octets


@pytest.mark.parametrize("text", ["QQ==", "QQ=", "QR", "Q", "Q Q", "Q\nQ", "Q+", "Q/", "Qé", "Q\0"])
def test_there_is_one_way_to_write_it(text: str) -> None:
    with pytest.raises(BadToken):
        decoded(text)


@pytest.mark.parametrize(
    "token",
    [
        *("", "a", "a.b", ".b.c", "a.b.", "a.b.c.d", "a.b.c=", "a.b.c\n", "\na.b.c", "a.b.c "),
        *("a.b.é", "\ud800.b.c", f"a.{'b' * LONGEST}.c"),
    ],
)
def test_there_are_three_parts_and_nothing_else(token: str) -> None:
    with pytest.raises(BadToken):
        parts(token)


@pytest.mark.parametrize(
    "octets",
    [
        *(b'{"a":1,"a":1}', b'{"a":{"b":1,"b":2}}', b"[]", b'"a"', b"1", b"null", b"", b"{"),
        *(b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":1e400}', b'{"a":1e30}'),
        *(b'{"a":' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 100_000),
        *(b"\xff{}", b'\xef\xbb\xbf{"a":1}'),
    ],
    ids=range(18),
)
def test_what_is_not_one_plain_object_is_refused(octets: bytes) -> None:
    with pytest.raises(BadToken):
        json_object(octets)


@pytest.mark.parametrize("name", ["exp", "iat", "nbf", "auth_time"])
@pytest.mark.parametrize(
    "value", [b"true", b"null", b'"1893499500"', b"1893499500.0", b"1e9", b"-1", b"9" * 17, b"[1]"]
)
def test_a_time_is_a_whole_number(name: str, value: bytes) -> None:
    with pytest.raises(BadToken, match=f"{name} is no time"):
        claims(b'{"%s":%s}' % (name.encode(), value))


def test_a_sound_payload_is_what_it_says() -> None:
    assert claims(b'{"exp":1893499500,"a":[1,{"b":0.5}]}') == {
        "exp": 1893499500,
        "a": [1, {"b": 0.5}],
    }


@pytest.mark.parametrize("read", [json_object, claims])
@given(octets=st.binary())
def test_any_octets_are_read_or_refused(
    read: Callable[[bytes], dict[str, Any]], octets: bytes
) -> None:
    with suppress(BadToken):
        assert isinstance(read(octets), dict)
